from django.conf import settings
from django.db import models

from conversations.models.configured import Configured
from conversations.models.ids import new_id
from conversations.models.project import Project


class Team(Configured):
    """A group of agents."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="teams")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)

    class Meta:
        db_table = "team"
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="unique_team_key")]

    def __str__(self) -> str:
        return self.name
