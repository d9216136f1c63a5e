from django.db import models

from conversations.models.conversation import Conversation
from conversations.models.ids import new_id


class Event(models.Model):
    """One row of a conversation's timeline. Written by `conversations.append`, changed by nobody: a
    database trigger refuses every update but erasure. Nothing holds a foreign key to an event."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    public_sequence = models.PositiveIntegerField(null=True)
    type = models.CharField(max_length=40)
    author = models.CharField(max_length=80)
    client_id = models.CharField(max_length=80, null=True)  # null stands outside the unique key, "" would not
    epoch = models.PositiveIntegerField()
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "event"
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="event_sequence"),
            models.UniqueConstraint(fields=["conversation", "public_sequence"], name="event_public_sequence"),
            models.UniqueConstraint(fields=["conversation", "author", "client_id"], name="event_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"
