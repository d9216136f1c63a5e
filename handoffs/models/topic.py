from django.db import models
from django.db.models.functions import Lower

from conversations.models import Project
from conversations.models.configured import Configured
from conversations.models.ids import new_id


class Topic(Configured):
    """What the AI may say about one thing, the questions it answers, and an optional action."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="topics")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    questions = models.JSONField(default=list, help_text="Sample questions, as a list of texts")
    content = models.TextField()
    action = models.JSONField(
        null=True, blank=True, help_text='As {"destination": key, "reason": code, "utterance": text}'
    )
    is_on = models.BooleanField(default=True)

    class Meta:
        db_table = "topic"
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="unique_topic_key"),
            models.UniqueConstraint("project", Lower("name"), name="unique_topic_name"),
        ]

    def __str__(self) -> str:
        return self.name
