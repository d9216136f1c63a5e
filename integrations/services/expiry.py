"""What outgoing and incoming webhooks carried holds what people wrote: it is forgotten after a while."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from integrations.domain.delivery import DeliveryState
from integrations.models import NO_BODY, Delivery, InboundCall

# Delivered: as long as somebody may ask what was sent. Dead: as long as a replay makes sense.
DELIVERED_KEPT, DEAD_KEPT = timedelta(days=7), timedelta(days=30)
AT_ONCE, MOST_ROUNDS = 1_000, 100


def forget_bodies(*, at: datetime) -> int:
    """Empty the bodies and answers of deliveries that are long over, and drop inbound calls that have expired, in
    portions. Returns how many. The rows of deliveries stay: what was told, when, and how it went."""
    return sum(_in_portions(portion, at) for portion in (_empty_deliveries, _drop_inbound_calls))


def _in_portions(portion: Callable[[datetime], int], at: datetime) -> int:
    done = 0
    for _ in range(MOST_ROUNDS):
        number = portion(at)
        done += number
        if number < AT_ONCE:
            break
    return done


def _empty_deliveries(at: datetime) -> int:
    over = Q(state=DeliveryState.DELIVERED.value, delivered_at__lte=at - DELIVERED_KEPT) | Q(
        state=DeliveryState.DEAD.value, created_at__lte=at - DEAD_KEPT
    )
    # Ids are in order of time: the oldest come first.
    full = Delivery.objects.filter(over).exclude(body=NO_BODY).order_by("pk").values("pk")[:AT_ONCE]
    return Delivery.objects.filter(pk__in=full).update(body=NO_BODY, response_excerpt="")


def _drop_inbound_calls(at: datetime) -> int:
    expired = InboundCall.objects.filter(expires_at__lte=at).order_by("expires_at").values("pk")[:AT_ONCE]
    return InboundCall.objects.filter(pk__in=expired).delete()[0]
