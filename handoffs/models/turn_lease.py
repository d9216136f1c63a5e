from django.db import models

from conversations.models import Conversation


class TurnLease(models.Model):
    """Turns of a conversation run one at a time: who runs one until when, and up to which customer event the
    AI has answered. A lease that runs out is taken over."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, primary_key=True, related_name="turn_lease"
    )
    holder = models.BigIntegerField(null=True, help_text="The outbox entry whose turn it is")
    expires_at = models.DateTimeField(null=True)
    covered_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "turn_lease"

    def __str__(self) -> str:
        return f"covered up to {self.covered_sequence}"
