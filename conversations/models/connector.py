import secrets

from django.db import models

from conversations.domain.vocabulary import Channel, Environment
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from conversations.models.project import Project


def new_connector_token() -> str:
    return f"ct_{secrets.token_urlsafe(32)}"


class Connector(Configured):
    """What lets a widget or app connect. Its token stands in every page that hosts the widget, so it is
    an identifier and no secret: the allowed hosts are what it is bound to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="connectors")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    channel = models.CharField(max_length=20, choices=choices_of(Channel), default=Channel.WEB_CHAT.value)
    name = models.CharField(max_length=120)
    token = models.CharField(max_length=64, unique=True, default=new_connector_token)
    hosts = models.JSONField(default=list, help_text="Host names or app ids; a host includes its subdomains")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "connector"

    def __str__(self) -> str:
        return self.name
