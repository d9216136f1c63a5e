from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from integrations.domain.targets import TargetRefused, parse_target
from integrations.domain.webhook_events import EVENTS, is_event
from integrations.models.sealed import Sealed, SealedField


def no_headers() -> Sealed:
    return Sealed.of({})


def validate_target(url: str) -> None:
    """Accept a URL the outgoing guard would try. Raises ValidationError."""
    try:
        parse_target(url)
    except TargetRefused as error:
        raise ValidationError(str(error)) from error


def validate_events(events: object) -> None:
    """Accept a list of event names. Raises ValidationError."""
    if not isinstance(events, list) or not all(isinstance(name, str) and is_event(name) for name in events):
        raise ValidationError(f"A list of events out of: {', '.join(EVENTS)}")


class WebhookEndpoint(Configured):
    """A customer's URL that is told what happens in one project and environment.

    Switched off, not deleted: its deliveries stay. While it is off they wait.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="webhook_endpoints")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=2000, validators=[validate_target])
    events = models.JSONField(
        default=list, blank=True, validators=[validate_events], help_text="Names of events; empty: all of them"
    )
    source = models.CharField(
        max_length=60, blank=True, help_text="The system behind the URL: outcomes that came from it are not sent back"
    )
    secret = SealedField()
    previous_secret = SealedField(null=True, blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    headers = SealedField(default=no_headers)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "webhook_endpoint"
        constraints = [
            models.UniqueConstraint("project", "environment", Lower("name"), name="unique_webhook_endpoint_name"),
            models.CheckConstraint(
                name="previous_secret_has_an_end",
                condition=Q(previous_secret__isnull=True, previous_secret_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_secret_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, at: datetime) -> Sequence[str]:
        """Return the signing secrets valid at `at`, newest first. Raises UnreadableSecret."""
        newest = self.secret.open_text()
        if self.previous_secret is None or self.previous_secret_until is None or self.previous_secret_until <= at:
            return [newest]
        return [newest, self.previous_secret.open_text()]
