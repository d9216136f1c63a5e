"""Deliveries on their way: leased in order, sent outside any transaction, their result stored afterwards.

A process that dies between sending and storing leaves an expired lease: the same event goes out again under the
same `X-Studio-Event-ID`, and the receiver drops the repeat.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import SystemRandom

from django.db import transaction
from django.db.models import QuerySet

from conversations.models.ids import new_id
from integrations.adapters.base import Permanent, Transient, Uncertain
from integrations.adapters.http import Answer, call
from integrations.domain.delivery import Attempt, DeliveryState, advance_delivery
from integrations.domain.retry import GONE, Judgement, judge_status, parse_retry_after
from integrations.domain.sealing import UnreadableSecret
from integrations.domain.signing import BadSecret, sign
from integrations.domain.targets import TargetRefused, check_custom_headers
from integrations.domain.webhook_events import PING, WebhookEvent
from integrations.models import NO_BODY, Delivery, WebhookEndpoint
from integrations.selectors.deliveries import due_deliveries, endpoints_due, keep_foremost, lost_deliveries
from integrations.services.fanout import new_delivery

logger = logging.getLogger(__name__)
SECONDS = 5.0  # what a receiver has, all in all
LEASE = timedelta(seconds=SECONDS + 1)
TURN = timedelta(seconds=30)
CUT_OFF = Attempt(Judgement.RETRY, error="The attempt was cut off before its result was known")


class NotReplayable(Exception):
    """Only a dead delivery is replayed, while its body is kept: any other is on its way or has arrived."""


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due until nothing is, or the worker's turn is over. Returns how many attempts were made."""
    over, attempts = clock() + TURN, 0
    while clock() < over and (delivery := lease_due_delivery(at=clock())):
        attempt = send_delivery(delivery, at=clock())
        store_result(delivery, attempt, at=clock())
        attempts += 1
    return attempts


def lease_due_delivery(*, at: datetime) -> Delivery | None:
    """Take a delivery whose sender died, or else the one longest due, for as long as LEASE; None: nothing is due."""
    with transaction.atomic():
        while (delivery := _next_delivery(at)) and _is_deadly(delivery):
            store_result(delivery, CUT_OFF, at=at)
        if delivery is None:
            return None
        delivery.state, delivery.attempts = DeliveryState.SENDING.value, delivery.attempts + 1
        delivery.next_attempt_at, delivery.leased_until = None, at + LEASE
        delivery.save(update_fields=["state", "attempts", "next_attempt_at", "leased_until"])
    return delivery


def send_delivery(delivery: Delivery, *, at: datetime) -> Attempt:
    """Make one attempt at a leased delivery. Call it with no transaction open: it waits for the receiver."""
    endpoint = delivery.endpoint
    body = render_body(delivery)
    try:
        custom = endpoint.headers.open_pairs()
        check_custom_headers(custom)
        signed = sign(secrets=endpoint.secrets_at(at), event_id=str(delivery.event_id), body=body, at=at)
        headers = {"Content-Type": "application/json", **signed, **custom}
        answer = call(method="POST", url=endpoint.url, headers=headers, body=body, seconds=SECONDS)
    except (Transient, Uncertain) as error:  # the receiver knows a repeat by its event id
        return Attempt(Judgement.RETRY, error=str(error))
    except (Permanent, UnreadableSecret, BadSecret, TargetRefused) as error:
        return Attempt(Judgement.GIVE_UP, error=str(error))
    return read_answer(answer, at=at)


def read_answer(answer: Answer, *, at: datetime) -> Attempt:
    """Return what a receiver's answer means."""
    judgement = judge_status(answer.status)
    retry_after = parse_retry_after(answer.headers.get("retry-after", ""), at=at)
    return Attempt(
        judgement,
        status=answer.status,
        error="" if judgement is Judgement.DELIVERED else _words_of(answer.status, retry_after),
        excerpt=answer.excerpt(),
        retry_after=retry_after,
    )


def _words_of(status: int, retry_after: timedelta | None) -> str:
    """Say what a receiver that did not take it answered, and what that means where it is not plain."""
    said = f"The receiver answered {status}"
    if 300 <= status < 400:
        return f"{said}: redirects are not followed, give the address it leads to"
    if status == GONE:
        return f"{said}: it is gone for good, and is not asked again"
    return f"{said} and asked for {retry_after.total_seconds():g} s" if retry_after else said


def store_result(delivery: Delivery, attempt: Attempt, *, at: datetime, jitter: float | None = None) -> bool:
    """Store what an attempt brought; False when the lease had run out and somebody else is at it by now.

    `jitter`: 0 to 1, drawn when not given.
    """
    drawn = SystemRandom().random() if jitter is None else jitter
    progress = advance_delivery(attempt, attempts=delivery.attempts, at=at, jitter=drawn)
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING.value, attempts=delivery.attempts)
    stored = mine.update(
        state=progress.state.value,
        next_attempt_at=progress.next_attempt_at,
        leased_until=None,
        last_status=attempt.status,
        last_error=attempt.error,
        response_excerpt=attempt.excerpt,
        delivered_at=at if progress.state is DeliveryState.DELIVERED else None,
    )
    logger.info("delivery %s attempt %s: %s %s", delivery.pk, delivery.attempts, progress.state, attempt.error)
    return bool(stored)


def render_body(delivery: Delivery) -> bytes:
    """Return the bytes that are signed and sent: the same in every attempt."""
    return json.dumps(delivery.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def replay_delivery(*, delivery: Delivery, at: datetime) -> None:
    """Give a dead delivery a new series of attempts under its old event id. Raises NotReplayable."""
    dead = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DEAD.value).exclude(body=NO_BODY)
    if not dead.update(state=DeliveryState.PENDING.value, next_attempt_at=at, attempts=0):
        raise NotReplayable(str(delivery.pk))


def send_ping(*, endpoint: WebhookEndpoint, at: datetime) -> Delivery:
    """Promise an endpoint a `ping`, whatever events it asks for, and return its delivery."""
    delivery = new_ping(endpoint=endpoint, at=at)
    delivery.save()
    return delivery


def new_ping(*, endpoint: WebhookEndpoint, at: datetime) -> Delivery:
    """Return an unsaved delivery of a `ping`, due at once."""
    event = WebhookEvent(
        id=new_id(),
        name=PING,
        occurred_at=at,
        project_id=endpoint.project_id,
        environment=endpoint.environment,
        data={"endpoint": endpoint.name},
    )
    return new_delivery(endpoint, event, position=0, at=at)


def _next_delivery(at: datetime) -> Delivery | None:
    """Lock the delivery to send next, endpoint by endpoint, so that a long backlog of one delays no other."""
    lost = lost_deliveries(at=at)
    if lost.exists() and (delivery := _lock_first(lost)):
        return delivery
    for endpoint in endpoints_due(at=at):
        if delivery := _lock_first(due_deliveries(at=at).filter(endpoint=endpoint)):
            return delivery
    return None


def _is_deadly(delivery: Delivery) -> bool:
    """Tell whether a second sender died at it. The first time it is sent again at once; from then on it keeps to
    the schedule, so that it does not take down one worker after the other."""
    return delivery.state == DeliveryState.SENDING.value and delivery.attempts > 1


def _lock_first(deliveries: QuerySet[Delivery]) -> Delivery | None:
    return keep_foremost(deliveries).select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
