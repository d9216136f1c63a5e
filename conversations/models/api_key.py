from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.domain.vocabulary import Environment
from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from conversations.models.project import Project


class ApiKey(models.Model):
    """A secret of 256 random bits, kept only as its SHA-256.

    A *project key* has scopes; a *personal token* has a user and acts with that person's permissions.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="api_keys", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens", null=True, blank=True
    )
    environment = models.CharField(max_length=10, choices=choices_of(Environment), blank=True)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, help_text="The first characters, to recognise it by")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements",
        help_text="The key this one was rotated from; both are valid until the old one expires",
    )  # fmt: skip
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_key"
        constraints = [
            models.CheckConstraint(
                name="api_key_of_project_or_person",
                condition=Q(project__isnull=False, user__isnull=True) | Q(project__isnull=True, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
