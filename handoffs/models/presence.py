from django.conf import settings
from django.db import models

from conversations.models import Project


class Presence(models.Model):
    """Whether an agent takes work in a project, and since when.

    `state` is what was said; `seen_at` is when an inbox of theirs last gave a sign of life: without one nothing is
    offered, whatever was said.
    """

    STATES = [(name, name.capitalize()) for name in ("ready", "busy", "break", "draining", "offline")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="presences")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="presences")
    state = models.CharField(max_length=10, choices=STATES, default="offline")
    reason = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "presence"
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="unique_presence")]

    def __str__(self) -> str:
        return f"{self.user} is {self.state}"
