from django.db import models
from django.db.models.functions import Lower

from conversations.models import Project
from conversations.models.configured import Configured
from conversations.models.ids import new_id


class Schedule(Configured):
    """Office hours that destinations share (working copy). The shapes are those of `ScheduleConfig`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="schedules")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, help_text="IANA name, as Europe/London")
    intervals = models.JSONField(
        default=list, blank=True, help_text='As [{"day": 0, "start": "09:00", "end": "17:00"}]'
    )
    country = models.CharField(max_length=2, blank=True, help_text="Whose public holidays close it; empty: nobody's")
    subdivision = models.CharField(max_length=10, blank=True)
    holidays = models.JSONField(
        default=list, blank=True, help_text='As [{"date": "12-24", "name": "Christmas Eve", "intervals": []}]'
    )

    class Meta:
        db_table = "schedule"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="unique_schedule_key"),
            models.UniqueConstraint("project", Lower("name"), name="unique_schedule_name"),
        ]

    def __str__(self) -> str:
        return self.name
