"""Endpoints: their signing secret and its rotation, and one ping on the spot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.models import User
from conversations.services.configuration import change_row
from integrations.domain.delivery import Attempt, DeliveryState
from integrations.domain.retry import Judgement
from integrations.domain.signing import check_secret, new_secret
from integrations.models import Delivery, Sealed, WebhookEndpoint
from integrations.services.deliveries import LEASE, new_ping, send_delivery, store_result

OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ping:
    """What one ping brought, and how long the receiver took."""

    delivery: Delivery
    attempt: Attempt
    milliseconds: int

    @property
    def arrived(self) -> bool:
        return self.attempt.judgement is Judgement.DELIVERED


def rotate_secret(
    *,
    endpoint: WebhookEndpoint,
    user: User,
    at: datetime,
    secret: str | None = None,
    revision: int | None = None,
    overlap: timedelta = OVERLAP,
) -> str:
    """Sign with a new secret from now on; the old one stays valid for `overlap`. Returns the new one.

    The only moment it can be read. Raises BadSecret for a given secret that is none, and StaleRevision.
    """
    chosen = check_secret(secret or new_secret())
    values = {
        "secret": Sealed.of(chosen),
        "previous_secret": endpoint.secret,
        "previous_secret_until": at + overlap,
    }
    change_row(row=endpoint, values=values, user=user, project=endpoint.project, at=at, revision=revision)
    endpoint.refresh_from_db()
    return chosen


def ping_now(*, endpoint: WebhookEndpoint, clock: Callable[[], datetime]) -> Ping:
    """Send one signed `ping` and wait for its answer, five seconds at most; a failed one is not tried again.

    It takes the way of all deliveries and stands among them. Should this process die at it, a sender takes over.
    """
    start = clock()
    delivery = new_ping(endpoint=endpoint, at=start)
    delivery.state, delivery.attempts = DeliveryState.SENDING.value, 1
    delivery.next_attempt_at, delivery.leased_until = None, start + LEASE
    delivery.save(force_insert=True)
    attempt = send_delivery(delivery, at=start)
    end = clock()
    if attempt.judgement is Judgement.RETRY:
        attempt = replace(attempt, judgement=Judgement.GIVE_UP)
    store_result(delivery, attempt, at=end)
    delivery.refresh_from_db()
    return Ping(delivery, attempt, round((end - start).total_seconds() * 1000))
