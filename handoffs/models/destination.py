from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from conversations.models import Project
from conversations.models.ids import new_id
from handoffs.domain.config import INBOX
from handoffs.domain.settings import DEFAULT_WAIT_LIMIT_SECONDS


class Destination(models.Model):
    """Where a handoff goes (working copy). The key is stable; the name is unique without regard to case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="destinations")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    is_default = models.BooleanField(default=False)
    desk_key = models.CharField(max_length=60, default=INBOX)
    queue_key = models.CharField(max_length=60, blank=True)
    wait_limit_seconds = models.PositiveIntegerField(default=DEFAULT_WAIT_LIMIT_SECONDS)
    fallback_key = models.CharField(max_length=60, blank=True, help_text="Destination to try when this one is closed")

    class Meta:
        db_table = "destination"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="unique_destination_key"),
            models.UniqueConstraint("project", Lower("name"), name="unique_destination_name"),
            models.UniqueConstraint(fields=["project"], name="one_default_destination", condition=Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return self.name
