import pytest
from django.db import transaction
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Verdict
from conversations.models import Annotation, Connector, Conversation, Deadline, Event, OutboxEntry, Outcome, User
from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import lock_conversation
from conversations.services.replies import send_reply
from conversations.services.reviews import give_verdict
from conversations.services.sessions import open_session
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Assignment, Handoff, QueueEntry
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import read_current_config
from studio.demo.history import read_history, tell_history
from tests.invariants import check_conversation


@pytest.fixture
def connector(demo):
    return Connector.objects.get(project=demo, environment="live")


@pytest.fixture
def told(demo, connector):
    return tell_history(project=demo, connector=connector, history=read_history(), at=timezone.now())


def test_what_happened_is_what_is_written(told):
    for past, conversation in zip(read_history(), told, strict=True):
        said = Event.objects.filter(conversation=conversation, type="customer.message").order_by("sequence")
        written = [one.text for one in past.talk if one.speaker == "customer"]
        assert list(said.values_list("payload__text", flat=True)) == written
        handoff = Handoff.objects.filter(conversation=conversation).first()
        assert (handoff.trigger if handoff else "") == past.trigger
        assert (handoff.destination_key if handoff else "") == past.destination
        verdicts = Annotation.objects.filter(conversation=conversation).exclude(verdict="")
        assert [item.verdict for item in verdicts] == [past.verdict] * bool(past.verdict)


def test_every_conversation_is_as_sound_as_one_that_happened(told):
    for conversation in told:
        check_conversation(conversation)


def test_nobody_waits_and_nothing_is_left_to_do(told):
    assert set(Conversation.objects.values_list("owner_kind", flat=True)) == {"none"}
    assert (OutboxEntry.objects.count(), Deadline.objects.count()) == (0, 0)
    assert set(QueueEntry.objects.values_list("state", flat=True)) == {"claimed"}


def test_it_lies_in_the_last_weeks_and_in_the_order_it_was_said(told):
    now = timezone.now()
    for conversation in told:
        instants = list(
            Event.objects.filter(conversation=conversation).order_by("sequence").values_list("created_at", flat=True)
        )
        assert instants == sorted(instants)
        conversation.refresh_from_db()
        assert conversation.created_at == instants[0] <= conversation.ended_at < now


def test_a_mark_stands_on_what_the_customer_said(told):
    for mark in Annotation.objects.exclude(mark=""):
        assert Event.objects.get(conversation=mark.conversation, sequence=mark.sequence).type == "customer.message"


def test_it_left_what_the_services_leave(demo, connector):
    past = next(one for one in read_history() if one.trigger == "frustration" and one.mark is None)
    (written,) = tell_history(project=demo, connector=connector, history=[past], at=timezone.now())
    assert left_by(written) == left_by(by_the_services(past, demo, connector))


def by_the_services(past, demo, connector):
    at = timezone.now().replace(hour=10)
    people = {user.email: user for user in User.objects.all()}
    conversation = open_session(connector=connector, options={})
    ai = {"agent_name": demo.ai_name}
    for event in (
        NewEvent("customer.join_requested", "customer"),
        NewEvent("ai.joined", "ai", ai),
        NewEvent("ai.message", "ai", {**ai, "text": demo.greeting, "kind": "greeting"}),
    ):
        append_event(conversation_id=conversation.pk, event=event)
    for one in past.talk:
        kind, more = ("customer", {}) if one.speaker == "customer" else ("ai", ai)
        event = NewEvent(f"{kind}.message", kind, {"text": one.text, **more})
        append_event(conversation_id=conversation.pk, event=event)
    current = read_current_config(project=demo, environment="live")
    utterance = current.config.settings.request_utterance
    asked = HandoffRequest(Trigger(past.trigger), "needs_human", utterance, past.destination, {"text": "x"})
    with transaction.atomic():
        start_handoff(conversation=lock_conversation(conversation.pk), request=asked, current=current, at=at)
    agent = people[past.agent]
    epoch = claim_conversation(conversation_id=conversation.pk, agent=agent, at=at).epoch
    send_reply(conversation_id=conversation.pk, author=agent, text=past.reply, epoch=epoch, client_id=None)
    facts = OutcomeFacts(past.outcome, resolved=True, first_contact_resolved=True, handled_by=agent.full_name)
    close_conversation(conversation_id=conversation.pk, agent=agent, epoch=epoch, facts=facts, at=at)
    conversation.refresh_from_db()
    reviewer = people["ines.varga@fernhill.example.com"]
    give_verdict(conversation=conversation, verdict=Verdict(past.verdict), comment="", reviewer=reviewer)
    return conversation


def left_by(conversation):
    """The timeline without its words, and what stands in every row beside it."""
    events = Event.objects.filter(conversation=conversation).order_by("sequence")
    handoff = Handoff.objects.get(conversation=conversation)
    entry, assignment = QueueEntry.objects.get(handoff=handoff), Assignment.objects.get(handoff=handoff)
    outcome = Outcome.objects.get(conversation=conversation)
    conversation.refresh_from_db()
    return {
        "timeline": [
            (event.type, event.author, event.public_sequence, event.epoch, shape(event.payload)) for event in events
        ],
        "row": (conversation.epoch, conversation.owner_kind, conversation.handoff_state, conversation.last_public),
        "handoff": (handoff.state, handoff.cause, handoff.desk_key, handoff.queue_key, handoff.context),
        "steps": [step["state"] for step in handoff.history],
        "trace": shape(handoff.trace),
        "entry": (entry.state, entry.queue_key, entry.priority, entry.weight, entry.told_position),
        "assignment": (assignment.state, assignment.weight, assignment.channel),
        "outcome": (outcome.code, outcome.source, outcome.handled_by, outcome.resolved),
    }


def shape(payload):
    """The names in it, to any depth."""
    return {
        name: shape(value) if isinstance(value, dict) and name != "evidence" else None
        for name, value in payload.items()
    }
