"""Receivers that misbehave, over real sockets: what they do, what follows, and what the console says of it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role, Verdict
from conversations.models import OutboxEntry
from conversations.services.outcomes import OutcomeFacts
from conversations.services.reviews import give_verdict
from conversations.services.sessions import open_session
from handoffs.domain.lifecycle import Signal
from handoffs.services.closing import close_conversation
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.signals import apply_signal
from integrations.domain.retry import SCHEDULE
from integrations.domain.webhook_events import EVENTS
from integrations.models import Sealed
from integrations.services.deliveries import lease_due_delivery, send_delivery, store_result
from integrations.services.entries import handle_entry
from integrations.services.webhook_endpoints import rotate_secret
from tests.conftest import member
from tests.emulators.http_receiver import NEVER, Answer

PRIVATE = "http://169.254.169.254/latest/meta-data/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(project):
    """The endpoints of these tests belong to the project of the cast."""
    return project


@pytest.fixture
def browser(client, project):
    client.force_login(member(project, Role.ADMIN, "Ada Quist"))
    return client


def send_all(at) -> None:
    """Send what is due, without jitter."""
    while delivery := lease_due_delivery(at=at):
        store_result(delivery, send_delivery(delivery, at=at), at=at, jitter=0.0)


@dataclass(frozen=True)
class Case:
    """How a receiver answers, and what then stands in the row and on the page. wait: until the next try."""

    answer: Answer
    wait: timedelta
    error: str
    status: int | None = None


CASES = {
    "late": Case(Answer(after=0.7), MINUTE, "127.0.0.1 did not answer within 0.3 s"),
    "never": Case(NEVER, MINUTE, "127.0.0.1 did not answer within 0.3 s"),
    "dripping": Case(Answer(drip=0.02), MINUTE, "127.0.0.1 did not answer within 0.3 s"),
    "500": Case(Answer(500), MINUTE, "The receiver answered 500", 500),
    "429 with Retry-After": Case(
        Answer(429, {"Retry-After": "600"}), 10 * MINUTE, "The receiver answered 429 and asked for 600 s", 429
    ),
    "redirect to a private address": Case(
        Answer(302, {"Location": PRIVATE}),
        MINUTE,
        "The receiver answered 302: redirects are not followed, give the address it leads to",
        302,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_receiver_that_misbehaves_is_tried_again_on_schedule_and_the_console_says_why(
    case, browser, endpoint, receiver, new_delivery, at, monkeypatch
):
    monkeypatch.setattr("integrations.services.deliveries.SECONDS", 0.3)
    delivery = new_delivery()
    receiver.will_answer(*[case.answer] * len(SCHEDULE))
    pages = [reverse("webhook", args=[endpoint.pk]), reverse("webhook-delivery", args=[endpoint.pk, delivery.pk])]

    send_all(at)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == ("pending", 1, at + case.wait)
    assert (delivery.last_status, delivery.last_error) == (case.status, case.error)
    for url in pages:
        shown = browser.get(url).content.decode()
        assert case.error in shown
        assert "Trying again" in shown
        assert f"{at + case.wait:%H:%M:%S}" in shown
        assert "Replay" not in shown
    for wait in SCHEDULE[1:]:
        at += max(case.wait, wait)
        send_all(at - timedelta(microseconds=1))
        send_all(at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("dead", len(SCHEDULE))
    assert len(receiver.calls) == len(SCHEDULE)
    assert {call.path for call in receiver.calls} == {"/hook"}
    for url in pages:
        shown = browser.get(url).content.decode()
        assert case.error in shown
        assert "Failed" in shown
        assert reverse("webhook-replay", args=[endpoint.pk, delivery.pk]) in shown
    browser.post(reverse("webhook-replay", args=[endpoint.pk, delivery.pk]))
    send_all(at + timedelta(days=1))
    delivery.refresh_from_db()
    assert (delivery.state, receiver.event_ids) == ("delivered", {str(delivery.event_id)})
    assert "Arrived" in browser.get(pages[1]).content.decode()


def test_a_body_that_has_expired_is_said_so_and_not_replayed(browser, endpoint, new_delivery):
    delivery = new_delivery(state="dead", attempts=6, next_attempt_at=None, last_error="no", body={})
    for url in (reverse("webhook", args=[endpoint.pk]), reverse("webhook-delivery", args=[endpoint.pk, delivery.pk])):
        assert reverse("webhook-replay", args=[endpoint.pk, delivery.pk]) not in browser.get(url).content.decode()
    assert "has expired" in browser.get(url).content.decode()


# --- what a receiver checks, written from the two definitions alone ---------------------------


def is_standard(secret: str, headers, body: bytes) -> bool:
    """Standard Webhooks: any of the space-separated `v1,` signatures is the base64 HMAC-SHA256 of
    `id.timestamp.body` under the decoded secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


def is_ours(secret: str, headers, body: bytes) -> bool:
    signed = headers["x-studio-timestamp"].encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() == headers["x-studio-signature"]


def test_while_a_secret_is_changed_both_are_good_and_afterwards_the_new_one_alone(
    receiver, secret, new_endpoint, new_delivery, project, owner, at
):
    endpoint = new_endpoint("Rotating", headers=Sealed.of({"X-Team": "billing"}))
    new = rotate_secret(endpoint=endpoint, user=owner, at=at)
    for number, later in enumerate((timedelta(), timedelta(hours=23), timedelta(hours=25))):
        new_delivery(f"talk-{number}", to=endpoint, next_attempt_at=at + later)
        send_all(at + later)
    checks = [
        (is_ours(new, call.headers, call.body), is_standard(new, call.headers, call.body),
         is_standard(secret, call.headers, call.body))
        for call in receiver.calls
    ]  # fmt: skip
    assert checks == [(True, True, True), (True, True, True), (True, True, False)]
    assert {call.headers["x-team"] for call in receiver.calls} == {"billing"}
    assert not is_standard(new, receiver.calls[0].headers, receiver.calls[0].body + b" ")


# --- every event, from what really happens ----------------------------------------------------


def tell_everything(at) -> None:
    for entry in OutboxEntry.objects.filter(topic="webhook.emit").order_by("pk"):
        assert handle_entry(entry, clock=lambda: at) is None
    send_all(at)


def test_each_event_is_told_when_it_happens(endpoint, receiver, connector, cast, agent, reviewer, claimed, now):
    close_conversation(
        conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, facts=OutcomeFacts("no_action", False), at=now
    )
    claimed.refresh_from_db()
    give_verdict(conversation=claimed, verdict=Verdict.NEEDED, comment="", reviewer=reviewer)
    cast.hand_off(open_session(connector=connector, options={}))
    sweep_deadlines(at=now + timedelta(minutes=6))
    client_managed = {"metadata": {"custom": {"handoff": "client"}}}
    by_app = cast.hand_off(open_session(connector=connector, options=client_managed))
    apply_signal(handoff_id=by_app.pk, epoch=None, signal=Signal.CLIENT_FAILED, at=now)

    tell_everything(now + timedelta(minutes=1))

    told = {call.json["event"] for call in receiver.calls}
    assert told == {name for name in EVENTS if name != "alert.*"}
    assert all(call.is_signed and call.is_signed_standard for call in receiver.calls)
    assert {call.json["environment"] for call in receiver.calls} == {"live"}
