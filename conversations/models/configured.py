from django.conf import settings
from django.db import models


class Configured(models.Model):
    """A row people edit in the console. `revision` grows with each change: who saves over a newer one is told.

    Written only by `conversations.services.configuration`, which audits every field.
    """

    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
