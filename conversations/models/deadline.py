from django.db import models

from conversations.domain.vocabulary import DeadlineKind
from conversations.models.choices import choices_of
from conversations.models.conversation import Conversation
from conversations.models.ids import new_id


class Deadline(models.Model):
    """An instant at which something is due. A row is deleted by whoever fires or disarms it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=choices_of(DeadlineKind))
    subject_id = models.UUIDField(help_text="The handoff, offer or conversation it is about")
    due_at = models.DateTimeField()

    class Meta:
        db_table = "deadline"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="one_deadline_of_a_kind")]
        indexes = [models.Index(fields=["due_at"], name="deadline_due")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.due_at:%H:%M:%S}"
