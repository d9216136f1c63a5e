from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0004_reasons_become_rows")]
    operations = [
        migrations.RemoveConstraint(
            model_name='handoffsettings',
            name='threshold_is_a_share',
        ),
        migrations.RemoveField(
            model_name='handoffsettings',
            name='explicit_threshold',
        ),
        migrations.RemoveField(
            model_name='handoffsettings',
            name='reasons',
        ),
    ]
