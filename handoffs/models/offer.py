from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Channel
from conversations.models import Conversation, Project
from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from handoffs.models.handoff import Handoff


class Offer(models.Model):
    """A waiting handoff held out to one agent for a few seconds, one at a time. An open offer takes its weight of
    their capacity.

    `expired`: the agent was silent; `withdrawn`: the customer left, or somebody claimed it.
    """

    STATES = [
        ("open", "Open"),
        ("accepted", "Accepted"),
        ("declined", "Declined"),
        ("expired", "Expired"),
        ("withdrawn", "Withdrawn"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="offers")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers")
    channel = models.CharField(max_length=20, choices=choices_of(Channel))
    weight = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "offer"
        constraints = [
            models.UniqueConstraint(fields=["handoff"], name="one_open_offer", condition=Q(state="open")),
            models.UniqueConstraint(fields=["project", "agent"], name="one_offer_at_a_time", condition=Q(state="open")),
        ]
        indexes = [
            models.Index(fields=["handoff", "agent"], name="offer_of_handoff"),
        ]

    def __str__(self) -> str:
        return f"{self.state} to {self.agent}"
