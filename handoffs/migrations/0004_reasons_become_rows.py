from django.db import migrations

THRESHOLDS = ((0.85, "low"), (0.7, "normal"), (0.0, "high"))
TOGGLES = ("on_explicit_request", "on_frustration", "on_unproductive", "on_ai_decision")
AI_ONLY = 0


def reasons_to_rows(apps, schema_editor):
    Reason = apps.get_model("handoffs", "Reason")
    for settings in apps.get_model("handoffs", "HandoffSettings").objects.all():
        Reason.objects.bulk_create(
            Reason(
                project_id=settings.project_id,
                code=item["code"],
                label=item.get("label", item["code"]),
                destination_key=item.get("destination", ""),
                is_urgent=item.get("is_urgent", False),
            )
            for item in settings.reasons
        )


def threshold_to_sensitivity(apps, schema_editor):
    for settings in apps.get_model("handoffs", "HandoffSettings").objects.all():
        settings.explicit_sensitivity = next(name for least, name in THRESHOLDS if settings.explicit_threshold >= least)
        if settings.level == AI_ONLY:
            for name in TOGGLES:
                setattr(settings, name, False)
        settings.save()


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0003_destinations_hours_settings")]
    operations = [
        migrations.RunPython(reasons_to_rows, migrations.RunPython.noop),
        migrations.RunPython(threshold_to_sensitivity, migrations.RunPython.noop),
    ]
