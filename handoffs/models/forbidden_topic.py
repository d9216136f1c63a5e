from django.db import models
from django.db.models.functions import Lower

from conversations.models import Project
from conversations.models.configured import Configured
from conversations.models.ids import new_id


class ForbiddenTopic(Configured):
    """What the AI must never answer (working copy): described in plain language, with example phrases."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="forbidden_topics")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField()
    examples = models.JSONField(default=list, blank=True, help_text="Phrases customers use, as a list of texts")
    keywords = models.JSONField(
        default=list, blank=True, help_text="Words and phrases that are a match by themselves, as a list of texts"
    )
    destination_key = models.CharField(max_length=60, blank=True, help_text="Empty: the reason's or the default")
    reason_code = models.CharField(max_length=60, blank=True)
    utterance = models.TextField(blank=True)
    is_on = models.BooleanField(default=True)

    class Meta:
        db_table = "forbidden_topic"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="unique_forbidden_topic_key"),
            models.UniqueConstraint("project", Lower("name"), name="unique_forbidden_topic_name"),
        ]

    def __str__(self) -> str:
        return self.name
