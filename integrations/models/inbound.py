from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from conversations.models.ids import new_id
from integrations.models.connection import Connection

KEPT_FOR = timedelta(days=7)


class InboundCall(models.Model):
    """A webhook somebody else's system sent us, stored raw before anything reads it, so that it can be read again.

    Raw bodies hold what people wrote: the row expires.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="inbound_calls")
    external_id = models.CharField(max_length=200, help_text="The sender's id of this call; a repeat has the same")
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    parsed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "inbound_call"
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="one_inbound_call_of_an_id"),
            models.CheckConstraint(name="inbound_call_expires_later", condition=Q(expires_at__gt=F("received_at"))),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="inbound_unparsed", condition=Q(parsed_at__isnull=True)),
            models.Index(fields=["expires_at"], name="inbound_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} over {self.connection_id}"
