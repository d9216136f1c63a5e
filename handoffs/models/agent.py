from django.conf import settings
from django.db import models

from conversations.models import Project
from conversations.models.configured import Configured
from conversations.models.ids import new_id

DEFAULT_CAPACITY = 4


class Agent(Configured):
    """What a person who works the inbox of a project can do and carry. Without a row: the defaults.

    Its row is the lock under which capacity is checked and taken.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agents")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agents")
    capacity = models.PositiveSmallIntegerField(default=DEFAULT_CAPACITY, help_text="In weights of conversations")
    channel_limits = models.JSONField(
        default=dict, blank=True, help_text='At most so many at once, as {"web_chat": 3}; none where nothing is said'
    )
    skills = models.JSONField(default=list, blank=True, help_text='As ["refunds", "german"]')

    class Meta:
        db_table = "agent"
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="unique_agent")]

    def __str__(self) -> str:
        return f"{self.user} carries {self.capacity}"
