from django.conf import settings
from django.db import models

from conversations.models import Project
from conversations.models.ids import new_id
from handoffs.models.snapshot import Snapshot


class Release(models.Model):
    """A numbered snapshot that live conversations read. Roll back = a new number with old content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="releases")
    note = models.TextField(blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        db_table = "release"
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="unique_release_number")]

    def __str__(self) -> str:
        return f"Release {self.number}"
