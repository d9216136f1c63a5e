"""One event, told to every endpoint that asked for it: a delivery each, its body frozen now."""

import logging
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist

from conversations.models import OutboxEntry
from integrations.domain.webhook_events import WebhookEvent, wants
from integrations.models import Delivery, WebhookEndpoint
from integrations.selectors.webhook_events import describe_event

logger = logging.getLogger(__name__)


def fan_out(*, entry: OutboxEntry, at: datetime) -> None:
    """Write one delivery per endpoint that wants the entry's event. A second run writes none again.

    Raises UnknownEvent when no selector describes the event.
    """
    try:
        event = describe_event(entry)
    except ObjectDoesNotExist as error:
        # A mark can be taken back before it is told; nobody waits for word of what is no more.
        logger.warning("outbox entry %s: %s, nothing to tell", entry.pk, error)
        return
    deliveries = [new_delivery(endpoint, event, position=entry.pk, at=at) for endpoint in _audience(event)]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def new_delivery(endpoint: WebhookEndpoint, event: WebhookEvent, *, position: int, at: datetime) -> Delivery:
    """Return an unsaved delivery of `event`, due at once."""
    return Delivery(
        endpoint=endpoint,
        event=event.name,
        event_id=event.id,
        conversation_id=event.conversation_id,
        body=event.body(),
        ordering_key=str(event.conversation_id or event.id),
        position=position,
        next_attempt_at=at,
    )


def _audience(event: WebhookEvent) -> list[WebhookEndpoint]:
    """Return the active endpoints of the event's project and environment that want it and did not send it."""
    endpoints = WebhookEndpoint.objects.filter(
        project_id=event.project_id, environment=event.environment, is_active=True
    )
    return [
        endpoint
        for endpoint in endpoints
        if wants(endpoint.events, event.name) and not (event.source and event.source == endpoint.source)
    ]
