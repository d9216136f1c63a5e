from django.db import models

from conversations.models import Project
from conversations.models.configured import Configured
from conversations.models.ids import new_id


class Reason(Configured):
    """A machine-readable code of why a conversation is handed off, with its own destination (working copy)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reasons")
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    destination_key = models.CharField(max_length=60, blank=True, help_text="Empty: the default destination")
    is_urgent = models.BooleanField(default=False)
    target_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the queue's target")

    class Meta:
        db_table = "reason"
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="unique_reason_code")]

    def __str__(self) -> str:
        return self.label
