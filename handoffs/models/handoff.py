from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Environment
from conversations.models import Conversation, Project
from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from handoffs.domain.lifecycle import OPEN, Cause, State


class Handoff(models.Model):
    """One episode of moving a conversation to a human. Its state is written only by `services.lifecycle`.

    Configuration is referred to by snapshot hash and key, never by foreign key.
    """

    TRIGGERS = [
        (name, name.replace("_", " ").capitalize())
        for name in (
            "explicit_request",
            "ai_decision",
            "frustration",
            "unproductive",
            "forbidden_topic",
            "topic_action",
            "function",
            "api",
            "human_takeover",
        )
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handoffs")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="handoffs")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    root_id = models.UUIDField(null=True, blank=True, help_text="The first episode of this chain; empty on it")
    is_ticket = models.BooleanField(default=False, help_text="Contact data instead of a waiting customer")
    state = models.CharField(max_length=20, choices=choices_of(State), default=State.INITIATED.value)
    cause = models.CharField(max_length=40, choices=choices_of(Cause), blank=True)
    trigger = models.CharField(max_length=30, choices=TRIGGERS)
    reason = models.CharField(max_length=60)
    utterance = models.TextField(blank=True)
    destination_key = models.CharField(max_length=60, blank=True)
    destination_name = models.CharField(max_length=120, blank=True)
    desk_key = models.CharField(max_length=60, blank=True)
    queue_key = models.CharField(max_length=60, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="handoffs"
    )
    snapshot_hash = models.CharField(max_length=64)
    release_number = models.PositiveIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=dict, blank=True, help_text="The signal that fired: score, threshold, words")
    trace = models.JSONField(default=dict, blank=True, help_text="Every rule considered, with its operands")
    custom_state = models.CharField(
        max_length=60, blank=True, help_text="Set through the API; shown instead of the published one"
    )
    history = models.JSONField(default=list, help_text='Every state it was in, as [{"state", "at"}], in order')
    context = models.JSONField(
        default=dict, blank=True, help_text='The context contract, as {"required", "missing", "score"}'
    )
    is_soft = models.BooleanField(default=False, help_text="The AI keeps answering until a human joins")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Which try of its destination this is")
    initiated_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "handoff"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                name="one_open_handoff",
                condition=Q(state__in=sorted(state.value for state in OPEN)),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "environment", "-initiated_at"], name="handoff_newest"),
            models.Index(fields=["conversation", "-initiated_at"], name="handoff_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"
