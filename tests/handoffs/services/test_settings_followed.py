"""What the settings say, as a customer meets it: who is passed on, and what is offered when nobody came."""

from datetime import timedelta

import pytest

from conversations.models import Event, OutboxEntry
from handoffs.domain.alternatives import TRY_AGAIN
from handoffs.models import Handoff, HandoffSettings, Queue
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release
from integrations.services.turns import take_turn

CONTACTS = [{"kind": "phone", "label": "Call us", "value": "+44 20 7946 0177"}]
LATER = timedelta(seconds=301)


@pytest.fixture
def publish(project, owner, now):
    """Make the settings live."""

    def publish(**settings) -> None:
        HandoffSettings.objects.filter(project=project).update(**settings)
        publish_release(project=project, publisher=owner, at=now)

    return publish


def newest(kind: str) -> Event:
    return Event.objects.filter(type=kind).latest("sequence")


@pytest.mark.parametrize("own", [{"is_on": False}, {"on_ai_decision": False}])
def test_a_topics_action_is_not_followed_where_the_settings_let_nobody_through(conversation, cast, publish, now, own):
    publish(**own)
    cast.customer_says(conversation, "I want to complain about your service")
    take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now)
    assert newest("ai.message").payload["text"] == "I'm sorry about that."
    assert not Handoff.objects.exists()
    conversation.refresh_from_db()
    assert conversation.owner_kind == "ai"


def test_who_waited_in_vain_is_told_the_other_ways(conversation, cast, publish, now):
    publish(alternative_contacts=CONTACTS)
    cast.hand_off(conversation)
    sweep_deadlines(at=now + LATER)
    assert newest("system.message").payload["message"].endswith("\nCall us: +44 20 7946 0177")


def test_whom_nobody_could_take_is_told_the_other_ways(conversation, cast, project, publish):
    Queue.objects.filter(project=project).update(is_on=False)
    publish(alternative_contacts=CONTACTS)
    cast.hand_off(conversation)
    assert newest("system.message").payload["message"].endswith("\nCall us: +44 20 7946 0177")


@pytest.mark.parametrize(("offered", "suggested"), [(True, [{"message_text": TRY_AGAIN}]), (False, [])])
def test_back_with_the_ai_one_is_told_the_other_ways_and_may_try_again(
    conversation, cast, publish, now, offered, suggested
):
    publish(alternative_contacts=CONTACTS, after_timeout="ai", offer_try_again=offered)
    cast.hand_off(conversation)
    sweep_deadlines(at=now + LATER)
    said = newest("ai.message").payload
    assert said["text"].endswith("\nCall us: +44 20 7946 0177")
    assert said["response_suggestions"] == suggested


def test_pressing_try_again_asks_for_a_person_again(conversation, cast, publish, now):
    publish(after_timeout="ai")
    cast.hand_off(conversation)
    sweep_deadlines(at=now + LATER)
    cast.customer_says(conversation, TRY_AGAIN)
    take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now + LATER)
    assert list(Handoff.objects.order_by("initiated_at").values_list("state", flat=True)) == ["timed_out", "queued"]
