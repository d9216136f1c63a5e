from django.conf import settings
from django.db import models

from conversations.domain.vocabulary import DraftMode
from conversations.models.choices import choices_of
from conversations.models.conversation import Conversation
from conversations.models.ids import new_id


class Draft(models.Model):
    """A person's unsent text; also where a refused reply is kept, so that nothing typed is lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    mode = models.CharField(max_length=10, choices=choices_of(DraftMode), default=DraftMode.REPLY.value)
    text = models.TextField()
    refused_because = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "draft"
        constraints = [models.UniqueConstraint(fields=["conversation", "user", "mode"], name="unique_draft")]

    def __str__(self) -> str:
        return f"{self.mode} of {self.user}"
