from django.db import models

from conversations.models import Conversation


class Intake(models.Model):
    """What the AI asks before a transfer, and what it was told of it. A conversation has one row from its first
    question on; between transfers its stage is empty, and what the customer declined is remembered."""

    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, primary_key=True, related_name="intake")
    stage = models.CharField(max_length=20, blank=True, help_text="One of Stage; empty while nothing is asked")
    epoch = models.PositiveIntegerField(default=0, help_text="Under which it was asked; a later one ends it")
    request = models.JSONField(default=dict, blank=True, help_text="The handoff that follows")
    progress = models.JSONField(default=dict, blank=True, help_text="What was asked how often, answered, left out")
    declined = models.JSONField(default=dict, blank=True, help_text="By trigger, the sequence of the customer's no")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "intake"

    def __str__(self) -> str:
        return self.stage
