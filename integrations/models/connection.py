from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from conversations.models.choices import choices_of
from conversations.models.configured import Configured
from conversations.models.ids import new_id
from integrations.models.sealed import Sealed, SealedField


def no_credentials() -> Sealed:
    return Sealed.of({})


class Connection(Configured):
    """An integration's credentials for one project and environment: how we log in to somebody else's system.

    `settings` holds what is no secret (addresses, names of models), by the kind's own names.
    """

    class Health(models.TextChoices):
        UNKNOWN = "unknown"
        OK = "ok"
        FAILING = "failing"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="connections")
    environment = models.CharField(max_length=10, choices=choices_of(Environment))
    key = models.SlugField(max_length=60, help_text="What destinations refer to; the same in both environments")
    kind = models.CharField(max_length=40, help_text="Which adapter speaks over it")
    name = models.CharField(max_length=120)
    settings = models.JSONField(default=dict, blank=True)
    credentials = SealedField(default=no_credentials)
    health = models.CharField(max_length=10, choices=Health, default=Health.UNKNOWN)
    checked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "connection"
        constraints = [
            models.UniqueConstraint(fields=["project", "environment", "key"], name="unique_connection_key"),
            models.CheckConstraint(
                name="connection_health_was_checked", condition=Q(health="unknown") | Q(checked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name
