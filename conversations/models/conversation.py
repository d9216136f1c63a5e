from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Channel, Environment, OwnerKind
from conversations.models.choices import choices_of
from conversations.models.connector import Connector
from conversations.models.customer import Customer
from conversations.models.ids import new_id
from conversations.models.project import Project


class Conversation(models.Model):
    """One session with one customer: who owns it now, and the projection of its current handoff.

    Owner, epoch and projection are written only by `services.ownership`; the sequences only by `append`.
    `last_sequence`, `last_public` and `last_seen_at` change with each message and carry no index.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="conversations")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    channel = models.CharField(max_length=20, choices=choices_of(Channel))
    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversations")
    shared_id = models.CharField(max_length=200, blank=True, help_text="The caller's own id of this conversation")
    options = models.JSONField(default=dict, blank=True, help_text="What the session asked for when it was opened")
    state = models.JSONField(default=dict, blank=True, help_text="What functions call conv.state")

    owner_kind = models.CharField(max_length=10, choices=choices_of(OwnerKind), default=OwnerKind.AI.value)
    owner_id = models.CharField(max_length=64, blank=True)
    epoch = models.PositiveIntegerField(default=1)
    owner_since = models.DateTimeField(auto_now_add=True)
    last_sequence = models.PositiveIntegerField(default=0)
    last_public = models.PositiveIntegerField(default=0)

    handoff_id = models.UUIDField(null=True, blank=True)
    handoff_state = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    utterance = models.TextField(blank=True)
    trigger = models.CharField(max_length=30, blank=True)
    destination_key = models.CharField(max_length=60, blank=True)
    destination_name = models.CharField(max_length=120, blank=True)
    queue_key = models.CharField(max_length=60, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    handoff_data = models.JSONField(default=dict, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "conversation"
        indexes = [
            models.Index(fields=["project", "environment", "-created_at"], name="conversation_newest"),
            models.Index(
                fields=["project", "environment", "owner_kind", "owner_id"],
                name="conversation_owned",
                condition=~Q(owner_kind=OwnerKind.NONE.value),
            ),
            models.Index(
                fields=["project", "environment", "-owner_since", "-id"],
                name="conversation_closed",
                condition=Q(owner_kind=OwnerKind.NONE.value, handoff_id__isnull=False),
            ),
            models.Index(fields=["project", "shared_id"], name="conversation_shared", condition=~Q(shared_id="")),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_ticket(self) -> bool:
        """In a queue without anybody waiting: a message is kept for whoever claims it."""
        return self.owner_kind == OwnerKind.QUEUE and self.waiting_since is None
