from django.db import models

from conversations.models.conversation import Conversation
from conversations.models.ids import new_id


class Outcome(models.Model):
    """What the human achieved. Kept as history: the newest `occurred_at` of a handoff is current."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="outcomes")
    handoff_id = models.UUIDField(null=True, blank=True, db_index=True)
    code = models.CharField(max_length=60)
    resolved = models.BooleanField()
    first_contact_resolved = models.BooleanField(null=True)
    handled_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=60, default="inbox")
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "outcome"

    def __str__(self) -> str:
        return self.code
