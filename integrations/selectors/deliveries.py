"""Which deliveries are due, in which order."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conversations.models import OutboxEntry
from integrations.domain.delivery import OPEN_STATES, DeliveryState
from integrations.models import Delivery, WebhookEndpoint

TOLD_TOPICS = ("webhook.emit", "crm.push")
# A receiver that answers slowly must not hold all workers.
MOST_IN_FLIGHT = 2


def endpoints_due(*, at: datetime) -> QuerySet[WebhookEndpoint]:
    """Return the endpoints something is due for and that can take it, whoever waits longest first.

    One that is switched off keeps what it has; one that answers slowly gets few senders.
    """
    since = due_deliveries(at=at).filter(endpoint=OuterRef("pk")).values("next_attempt_at")[:1]
    return (
        WebhookEndpoint.objects.filter(is_active=True)
        .annotate(since=Subquery(since), in_flight=Coalesce(_in_flight(at), 0))
        .filter(since__isnull=False, in_flight__lt=MOST_IN_FLIGHT)
        .order_by("since")
    )


def due_deliveries(*, at: datetime) -> QuerySet[Delivery]:
    """Return those whose next attempt is due, longest due first."""
    pending = Delivery.objects.filter(state=DeliveryState.PENDING.value, next_attempt_at__lte=at)
    return pending.order_by("next_attempt_at", "position")


def lost_deliveries(*, at: datetime) -> QuerySet[Delivery]:
    """Return those whose sender died at them, longest lost first."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING.value, leased_until__lte=at, endpoint__is_active=True)
    return lost.order_by("leased_until")


def keep_foremost(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Leave out those that wait for an earlier one of their conversation to the same endpoint, those not yet
    fanned out included."""
    return deliveries.select_related("endpoint").filter(~Exists(_earlier()), ~Exists(_not_fanned_out()))


def _earlier() -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        ordering_key=OuterRef("ordering_key"),
        position__lt=OuterRef("position"),
        state__in=[state.value for state in OPEN_STATES],
    )


def _not_fanned_out() -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(
        conversation_id=OuterRef("conversation_id"),
        id__lt=OuterRef("position"),
        topic__in=TOLD_TOPICS,
        dead_at__isnull=True,
    )


def _in_flight(at: datetime) -> Subquery:
    sending = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.SENDING.value, leased_until__gt=at)
    return Subquery(sending.order_by().values("endpoint").annotate(number=Count("id")).values("number"))
