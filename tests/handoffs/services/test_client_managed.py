"""The customer's own app takes the customer to a human, and reports back."""

from datetime import timedelta

import pytest

from conversations.append import StaleEpoch
from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Deadline, Event, OutboxEntry
from conversations.services.sessions import end_session, open_session
from handoffs.domain.lifecycle import NotAllowed, Signal
from handoffs.models import Destination, Handoff, HandoffSettings, QueueEntry
from handoffs.selectors.explanations import explain_handoff
from handoffs.services.closing import cancel_waiting, end_open
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release
from handoffs.services.signals import apply_signal
from tests.invariants import check_conversation

LATER = timedelta(seconds=301)


def types_of(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


@pytest.fixture
def app_takes(conversation, project, owner, cast, now):
    """Hand off to a destination that the customer's app takes on."""

    def hand_off(reason: str = "needs_human", **changes) -> Conversation:
        columns = {"desk_key": "client", "client_queue_name": "Refund desk", "client_route": "app://refunds", **changes}
        Destination.objects.filter(key="billing").update(**columns)
        publish_release(project=project, publisher=owner, at=now)
        cast.hand_off(conversation, reason)
        conversation.refresh_from_db()
        check_conversation(conversation)
        return conversation

    return hand_off


def report(signal: Signal, *, epoch: int | None, now):
    return apply_signal(handoff_id=Handoff.objects.latest("id").id, epoch=epoch, signal=signal, at=now)


def test_the_published_order_is_kept(app_takes):
    conversation = app_takes()

    assert types_of(conversation) == [
        "session.started",
        "ai.message",
        "handoff.triggered",
        "handoff.client_required",
        "ai.left",
    ]
    told = Event.objects.get(type="handoff.client_required").payload
    assert {name: told[name] for name in ("reason", "queue_name", "route")} == {
        "reason": "AGENT_DECISION",
        "queue_name": "Refund desk",
        "route": "app://refunds",
    }


def test_the_app_has_the_conversation_and_a_deadline(app_takes):
    conversation = app_takes()

    assert (conversation.owner_kind, conversation.owner_id, conversation.epoch) == ("desk", "client", 2)
    handoff, deadline = Handoff.objects.get(), Deadline.objects.get(kind="accept")
    assert (handoff.state, handoff.desk_key) == ("client_required", "client")
    assert deadline.due_at == handoff.initiated_at + timedelta(seconds=300)
    assert [step["state"] for step in handoff.history] == ["initiated", "client_required"]
    promised = OutboxEntry.objects.filter(topic="webhook.emit").order_by("id").values_list("payload__event", flat=True)
    assert list(promised) == ["handoff.triggered", "handoff.client_required"]


def test_a_route_that_is_not_set_is_left_out(app_takes):
    app_takes(client_route="", client_queue_name="")

    told = Event.objects.get(type="handoff.client_required").payload
    assert (told["queue_name"], "route" in told) == ("Billing", False)


@pytest.mark.parametrize(
    ("asked_for", "state", "desk"), [("client", "client_required", "client"), ("server", "queued", "inbox")]
)
def test_a_session_can_ask_for_it(release, connector, cast, asked_for, state, desk):
    options = {"metadata": {"custom": {"handoff": asked_for}}}

    handoff = cast.hand_off(open_session(connector=connector, options=options))

    assert (handoff.state, handoff.desk_key) == (state, desk)


def test_a_conversation_of_the_chat_api_is_taken_on_by_its_caller(conversation, cast):
    Conversation.objects.filter(pk=conversation.pk).update(channel="chat_api")

    assert cast.hand_off(conversation).state == "client_required"


def test_once_the_app_has_taken_over_the_session_ends(app_takes, now):
    conversation = app_takes()

    assert report(Signal.CLIENT_COMPLETED, epoch=2, now=now) == "completed"

    conversation.refresh_from_db()
    check_conversation(conversation)
    handoff = Handoff.objects.get()
    assert (handoff.cause, conversation.owner_kind, conversation.handoff_state) == (
        "client_reported",
        "none",
        "completed",
    )
    assert types_of(conversation)[-2:] == ["handoff.completed", "session.ended"]
    assert not Deadline.objects.filter(subject_id=handoff.id).exists()


def test_a_report_that_comes_again_changes_nothing(app_takes, now):
    conversation = app_takes()
    report(Signal.CLIENT_COMPLETED, epoch=2, now=now)
    events = types_of(conversation)

    assert report(Signal.CLIENT_COMPLETED, epoch=2, now=now) == "completed"
    assert types_of(conversation) == events
    with pytest.raises(NotAllowed):
        report(Signal.CLIENT_FAILED, epoch=None, now=now)


@pytest.mark.parametrize(
    ("signal", "state"), [(Signal.CLIENT_COMPLETED, "completed"), (Signal.CLIENT_FAILED, "failed")]
)
def test_a_report_that_comes_just_after_the_customer_left_is_kept(app_takes, now, signal, state):
    conversation = app_takes()
    end_session(conversation_id=conversation.id, reason=EndReason.USER_END, at=now)
    public = Event.objects.filter(public_sequence__isnull=False).count()

    assert report(signal, epoch=None, now=now) == state

    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)
    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (Handoff.objects.get().state, conversation.handoff_state) == (state, state)
    assert Event.objects.filter(public_sequence__isnull=False).count() == public


def test_a_report_under_an_older_epoch_is_refused(app_takes, now):
    app_takes()

    with pytest.raises(StaleEpoch):
        report(Signal.CLIENT_COMPLETED, epoch=1, now=now)
    assert Handoff.objects.get().state == "client_required"


def test_a_report_for_a_handoff_in_the_inbox_is_refused(waiting, now):
    with pytest.raises(NotAllowed):
        report(Signal.CLIENT_COMPLETED, epoch=waiting.epoch, now=now)
    with pytest.raises(NotAllowed):
        report(Signal.HUMAN_JOINED, epoch=waiting.epoch, now=now)


def test_an_app_that_fails_leaves_a_message_in_the_inbox(app_takes, now):
    conversation = app_takes()

    assert report(Signal.CLIENT_FAILED, epoch=2, now=now) == "failed"

    conversation.refresh_from_db()
    check_conversation(conversation)
    failed, ticket = Handoff.objects.order_by("id")
    assert (failed.cause, ticket.is_ticket, ticket.desk_key, ticket.state) == (
        "client_failed",
        True,
        "inbox",
        "queued",
    )
    assert types_of(conversation)[-3:] == ["handoff.failed", "ticket.opened", "system.message"]


def test_an_app_that_is_silent_times_out(app_takes, now):
    conversation = app_takes()

    assert sweep_deadlines(at=now + LATER) == 1

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert Handoff.objects.order_by("id")[0].cause == "client_silent"
    assert types_of(conversation)[-3:] == ["handoff.timed_out", "ticket.opened", "system.message"]


def test_a_customer_who_cancels_has_the_ai_back(app_takes, now):
    conversation = app_takes()

    assert cancel_waiting(conversation_id=conversation.id, at=now)

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (conversation.owner_kind, Handoff.objects.get().state) == ("ai", "abandoned")


def test_an_app_can_be_asked_again_in_the_same_chain(app_takes, now):
    conversation = app_takes(after_timeout="retry", retry_limit=1, retry_seconds=5)

    report(Signal.CLIENT_FAILED, epoch=2, now=now)
    sweep_deadlines(at=now + timedelta(seconds=6))

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (conversation.owner_kind, conversation.handoff_state) == ("desk", "client_required")
    told = types_of(conversation)
    assert told[-5:] == [
        "ai.left",
        "handoff.retrying",
        "system.message",
        "handoff.requested",
        "handoff.client_required",
    ]
    assert told.count("handoff.triggered") == 1


def test_a_silent_caller_of_the_chat_api_ends_its_conversation(conversation, cast, now):
    """It was told that the conversation is over: nobody would read what follows, nobody would write to a ticket."""
    Conversation.objects.filter(pk=conversation.pk).update(channel="chat_api")
    HandoffSettings.objects.update(after_timeout="ai")
    cast.hand_off(conversation)

    sweep_deadlines(at=now + LATER)

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (conversation.owner_kind, Handoff.objects.get().cause) == ("none", "client_silent")
    assert types_of(conversation)[-1] == "session.ended"


@pytest.mark.parametrize("policy", ["message", "ai", "retry", "fallback"])
def test_a_caller_whose_platform_never_reports_is_left_no_ticket(conversation, project, owner, cast, now, policy):
    """Nothing we write reaches a call that has gone: no other try is heard of, and no contact data can be asked for."""
    Conversation.objects.filter(pk=conversation.pk).update(channel="phone")
    HandoffSettings.objects.update(after_timeout=policy)
    Destination.objects.update(wait_limit_seconds=299)
    publish_release(project=project, publisher=owner, at=now)
    cast.hand_off(conversation)

    sweep_deadlines(at=now + LATER)

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (conversation.owner_kind, Handoff.objects.get().cause) == ("none", "client_silent")
    assert not QueueEntry.objects.exists()
    assert types_of(conversation)[-1] == "session.ended"


@pytest.mark.parametrize(("channel", "state"), [("phone", "client_required"), ("chat_api", "failed")])
def test_only_a_call_goes_to_where_nothing_but_calls_is_taken(conversation, project, owner, cast, now, channel, state):
    Conversation.objects.filter(pk=conversation.pk).update(channel=channel)
    Destination.objects.filter(key="billing").update(desk_key="", method="refer", route="+442079460142")
    publish_release(project=project, publisher=owner, at=now)

    cast.hand_off(conversation)

    first = Handoff.objects.earliest("initiated_at")
    assert (first.state, first.trace["inputs"]["channel"]) == (state, channel)
    assert explain_handoff(first.pk).is_same
