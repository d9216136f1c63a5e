from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Environment
from conversations.models import Conversation, Project, Team
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from handoffs.domain.config import Assignment
from handoffs.models.handoff import Handoff


class Queue(Configured):
    """A named line of waiting handoffs in the built-in inbox (working copy)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="queues")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    is_on = models.BooleanField(default=True, help_text="A queue that is off takes nothing; fallbacks apply")
    target_seconds = models.PositiveIntegerField(default=120)
    dispositions = models.JSONField(default=list, help_text='As [{"code": "resolved", "label": "Resolved"}]')
    assignment = models.CharField(max_length=10, choices=choices_of(Assignment), default=Assignment.PULL.value)
    offer_seconds = models.PositiveIntegerField(default=30)
    wrap_up_seconds = models.PositiveIntegerField(default=0)
    priority = models.SmallIntegerField(default=0, help_text="Higher is served first")
    is_sticky = models.BooleanField(default=True, help_text="First to the agent who had the customer last")
    teams = models.ManyToManyField(Team, related_name="queues", blank=True)

    class Meta:
        db_table = "queue"
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="unique_queue_key")]

    def __str__(self) -> str:
        return self.name


class QueueEntry(models.Model):
    """A handoff's place in a queue, and what its customer was last told of it."""

    STATES = [("waiting", "Waiting"), ("claimed", "Claimed"), ("left", "Left")]

    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    queue_key = models.CharField(max_length=60, blank=True)
    is_ticket = models.BooleanField(default=False, help_text="Nobody waits: never counted in positions")
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    priority = models.SmallIntegerField(default=0, help_text="Higher is served first")
    skills = models.JSONField(default=list, blank=True, help_text="What an agent must be able to do")
    weight = models.PositiveSmallIntegerField(default=1, help_text="Of an agent's capacity")
    entered_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    told_position = models.PositiveIntegerField(null=True, blank=True)
    told_wait_seconds = models.PositiveIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "queue_entry"
        verbose_name_plural = "queue entries"
        indexes = [
            models.Index(
                fields=["project", "environment", "queue_key", "-priority", "entered_at"],
                name="queue_entry_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["project", "environment", "queue_key", "-claimed_at"],
                name="queue_entry_claimed",
                condition=Q(claimed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} in {self.queue_key}"
