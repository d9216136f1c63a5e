from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Channel
from conversations.models import Conversation, Project
from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from handoffs.models.handoff import Handoff


class Assignment(models.Model):
    """One agent's share of one handoff, and what of the agent's capacity it takes.

    `snoozed` and `ended` take none, `wrap_up` still takes its weight; `ended_at` is set with `ended`.
    """

    STATES = [("active", "Active"), ("snoozed", "Snoozed"), ("wrap_up", "Wrap-up"), ("ended", "Ended")]
    TAKES_CAPACITY = ("active", "wrap_up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="assignments")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    channel = models.CharField(max_length=20, choices=choices_of(Channel))
    weight = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=STATES, default="active")
    started_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_sequence = models.PositiveIntegerField(
        default=0, help_text="The conversation's last event when it was snoozed: a customer's later one wakes it"
    )
    wraps_up_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], name="one_assignment", condition=Q(state__in=("active", "snoozed"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "agent"], name="assignment_load", condition=Q(state__in=("active", "wrap_up"))
            ),
            models.Index(fields=["conversation", "-started_at"], name="assignment_of_conversation"),
            models.Index(fields=["conversation"], name="assignment_snoozed", condition=Q(state="snoozed")),
            models.Index(fields=["project", "agent", "-started_at"], name="assignment_last_given"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.state}"
