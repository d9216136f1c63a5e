from django.db import models
from django.db.models import Q

from conversations.models.choices import choices_of
from conversations.models.ids import new_id
from integrations.domain.delivery import OPEN_STATES, DeliveryState
from integrations.models.webhook_endpoint import WebhookEndpoint

IS_OPEN = Q(state__in=[state.value for state in OPEN_STATES])
NO_BODY: dict[str, object] = {}  # what is left of a body that has expired


class Delivery(models.Model):
    """One series of attempts to bring one event to one endpoint. The body is frozen when the row is written, and
    forgotten some time after its end: it holds what people wrote."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=60)
    event_id = models.UUIDField(help_text="X-Studio-Event-ID: the same in every attempt")
    conversation_id = models.UUIDField(null=True, blank=True)
    body = models.JSONField()
    ordering_key = models.CharField(max_length=64, help_text="Deliveries of one key reach an endpoint one by one")
    position = models.BigIntegerField(default=0, help_text="Their order: the outbox entry's number")
    state = models.CharField(max_length=10, choices=choices_of(DeliveryState), default=DeliveryState.PENDING.value)
    attempts = models.PositiveIntegerField(default=0, help_text="Attempts begun")
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    response_excerpt = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="one_delivery_of_an_event"),
            models.CheckConstraint(
                name="delivery_instants_fit_its_state",
                condition=Q(state="pending", next_attempt_at__isnull=False, leased_until__isnull=True)
                | Q(state="sending", next_attempt_at__isnull=True, leased_until__isnull=False)
                | Q(state__in=["delivered", "dead"], next_attempt_at__isnull=True, leased_until__isnull=True),
            ),
            models.CheckConstraint(
                name="delivered_at_when_delivered",
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at", "position"], name="delivery_due", condition=Q(state="pending")
            ),
            models.Index(fields=["endpoint", "leased_until"], name="delivery_leased", condition=Q(state="sending")),
            models.Index(fields=["endpoint", "ordering_key", "position"], name="delivery_order", condition=IS_OPEN),
            models.Index(fields=["conversation_id"], name="delivery_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint_id}"

    @property
    def has_expired(self) -> bool:
        return bool(self.body == NO_BODY)
