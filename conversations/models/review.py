from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import TurnMark, Verdict
from conversations.models.choices import choices_of
from conversations.models.conversation import Conversation
from conversations.models.ids import new_id


class Annotation(models.Model):
    """A reviewer's mark: a verdict on a whole handoff, or a mark on one turn (conversation + sequence)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="annotations")
    handoff_id = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True, help_text="The turn; empty for a verdict")
    verdict = models.CharField(max_length=30, choices=choices_of(Verdict), blank=True)
    mark = models.CharField(max_length=30, choices=choices_of(TurnMark), blank=True)
    comment = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "annotation"
        constraints = [
            models.UniqueConstraint(
                fields=["handoff_id", "author"], name="one_verdict_of_a_reviewer", condition=~Q(verdict="")
            ),
            models.UniqueConstraint(
                fields=["conversation", "sequence", "mark", "author"],
                name="one_mark_of_a_reviewer",
                condition=~Q(mark=""),
            ),
            models.CheckConstraint(
                name="verdict_or_mark",
                condition=(~Q(verdict="") & Q(mark="", handoff_id__isnull=False))
                | (Q(verdict="") & ~Q(mark="") & Q(sequence__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.verdict or self.mark
