"""Which deliveries are due, in which order."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conversations.models import OutboxEntry
from integrations.domain.delivery import OPEN_STATES, DeliveryState
from integrations.models import Delivery

TOLD_TOPICS = ("webhook.emit", "crm.push")
# A receiver that answers slowly must not hold all workers.
MOST_IN_FLIGHT = 2


def due_deliveries(*, at: datetime) -> QuerySet[Delivery]:
    """Return what may be sent now, longest due first: new tries, and attempts whose sender died.

    A delivery waits for every earlier one of its conversation to the same endpoint, those not yet fanned out
    included. An endpoint that is switched off keeps what it has.
    """
    is_due = Q(state=DeliveryState.PENDING.value, next_attempt_at__lte=at) | Q(
        state=DeliveryState.SENDING.value, leased_until__lte=at
    )
    return (
        Delivery.objects.select_related("endpoint")
        .filter(is_due, ~Exists(_earlier()), ~Exists(_not_fanned_out()), endpoint__is_active=True)
        .annotate(in_flight=Coalesce(_in_flight(at), 0))
        .filter(in_flight__lt=MOST_IN_FLIGHT)
        .order_by(Coalesce("next_attempt_at", "leased_until"), "position")
    )


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
    sending = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), state=DeliveryState.SENDING.value, leased_until__gt=at
    )
    return Subquery(sending.order_by().values("endpoint").annotate(number=Count("id")).values("number"))
