from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from conversations.models.account import Account
from conversations.models.configured import Configured
from conversations.models.ids import new_id


class Project(Configured):
    """One AI agent's configuration, conversations, people and keys."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120)
    ai_name = models.CharField(max_length=60, default="Assistant", help_text="The given name the AI speaks under")
    greeting = models.TextField(default="Hello. How can I help?", help_text="The AI's first words")
    responder_key = models.CharField(
        max_length=60, blank=True, help_text="Connection that answers as the AI; empty: the built-in topics"
    )
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name, as Europe/London")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(
                "account", Lower("name"), name="unique_project_name", condition=Q(deleted_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
