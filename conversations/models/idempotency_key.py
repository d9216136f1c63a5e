from django.db import models

from conversations.models.ids import new_id


class IdempotencyKey(models.Model):
    """One call that must not happen twice, and what it was answered. `answer` is empty while the call runs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=120, help_text="Who calls what: the key's id and the operation")
    key = models.CharField(max_length=200, help_text="The caller's own")
    request_digest = models.CharField(max_length=64, help_text="SHA-256 of the body it came with first")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="unique_idempotency_key")]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_key_expiry")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
