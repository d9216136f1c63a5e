import pytest
from django.utils import timezone

from conversations.models import Annotation, Connector, Conversation, Deadline, Event, OutboxEntry, Outcome
from handoffs.models import Handoff, QueueEntry
from handoffs.selectors.queues import recent_claims
from studio.demo.story import read_story, tell_story


@pytest.fixture
def told(demo):
    connector = Connector.objects.get(project=demo, environment="live")
    return tell_story(project=demo, connector=connector, story=read_story(), clock=timezone.now)


def test_what_happened_is_what_is_written(told):
    story = read_story()
    happened = [
        (
            conversation.customer.name,
            list(said(conversation)),
            agent_of(conversation),
            Outcome.objects.filter(conversation=conversation).values_list("code", flat=True).first(),
            Annotation.objects.filter(conversation=conversation).exclude(verdict="").exists(),
            Annotation.objects.filter(conversation=conversation).exclude(mark="").count(),
        )
        for conversation in told
    ]
    assert happened == [
        (
            past.customer,
            [*past.says, *(line.text for line in past.talk if line.speaker == "customer")],
            past.agent,
            past.outcome.code if past.outcome else None,
            past.verdict is not None,
            len(past.marks),
        )
        for past in story
    ]


def said(conversation):
    messages = Event.objects.filter(conversation=conversation, type="customer.message")
    return messages.order_by("sequence").values_list("payload__text", flat=True)


def agent_of(conversation):
    handoff = Handoff.objects.filter(conversation=conversation).first()
    return handoff.agent.email if handoff else ""


def test_nobody_waits_afterwards_and_nothing_is_left_to_do(told):
    assert {conversation.owner_kind for conversation in Conversation.objects.all()} == {"none"}
    assert Conversation.objects.filter(ended_at=None).count() == 0
    assert set(Handoff.objects.values_list("state", flat=True)) == {"completed"}
    assert (OutboxEntry.objects.count(), Deadline.objects.count()) == (0, 0)


def test_the_past_invents_no_estimate_for_the_next_customer(told):
    # Five claims within a second would promise the next customer a wait of a second.
    assert max(len(recent_claims(entry)) for entry in QueueEntry.objects.all()) < 5


def test_a_mark_stands_on_what_the_customer_said(told):
    for mark in Annotation.objects.exclude(mark=""):
        assert Event.objects.get(conversation=mark.conversation, sequence=mark.sequence).type == "customer.message"
