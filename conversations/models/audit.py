from django.conf import settings
from django.db import models

from conversations.models.ids import new_id
from conversations.models.project import Project


class AuditEntry(models.Model):
    """Who changed what, when, and why: the fields before and after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, help_text="A verb of a noun, as destination.changed")
    subject = models.CharField(max_length=120)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "audit"
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["project", "-at"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
