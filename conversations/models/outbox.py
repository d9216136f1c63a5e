from django.db import models
from django.db.models.functions import Now


class OutboxEntry(models.Model):
    """Work promised by a committed event. Carries ids, never text; deleted once it is done."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=40)
    conversation_id = models.UUIDField()
    sequence = models.PositiveIntegerField(null=True)
    epoch = models.PositiveIntegerField(null=True)
    payload = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now(), help_text="Leased or postponed until then")
    last_error = models.TextField(blank=True, default="", db_default="")
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "outbox"
        verbose_name_plural = "outbox entries"
        indexes = [models.Index(fields=["due_at", "id"], name="outbox_due", condition=models.Q(dead_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.id} {self.topic}"
