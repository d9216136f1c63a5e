from django.conf import settings
from django.db import models

from conversations.models import Project
from conversations.models.ids import new_id


class DestinationTest(models.Model):
    """One test of a destination: what was tried, step by step, and by which configuration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="destination_tests")
    destination_key = models.CharField(max_length=60)
    passed = models.BooleanField()
    summary = models.CharField(max_length=200)
    steps = models.JSONField(default=list, help_text='As [{"label", "passed", "milliseconds", "detail"}], in order')
    snapshot_hash = models.CharField(max_length=64)
    release_number = models.PositiveIntegerField(null=True, blank=True, help_text="The newest release at the time")
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tested_at = models.DateTimeField()

    class Meta:
        db_table = "destination_test"
        indexes = [models.Index(fields=["project", "destination_key", "-tested_at"], name="destination_test_newest")]

    def __str__(self) -> str:
        return self.summary
