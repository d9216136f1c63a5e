"""What happens at once with the questions before a transfer: another message, a takeover, the end, a killed worker."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connections, transaction
from django.utils import timezone

from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Event, OutboxEntry
from conversations.services.sessions import end_session, open_session
from handoffs.models import Handoff, Intake, TurnLease
from handoffs.services.answering import Spoken, apply_reply
from handoffs.services.closing import hand_back
from handoffs.services.takeovers import take_over
from handoffs.services.turns import consider_turn, lease_turn
from integrations.services.turns import take_turn
from tests.handoffs.services.talks import ANSWER, CURSE, DEFAULT, EMAIL, PASSED_ON, QUESTION, REQUEST, Talk
from tests.invariants import check_speakers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]
ROUNDS = 5


class Killed(Exception):
    """What a kill -9 looks like from inside: nothing after it, and nothing of the transaction."""


@pytest.fixture
def at_once():
    """Run deeds in threads of their own that begin together; returns what they returned."""
    with ThreadPoolExecutor(2) as pool:

        def run(*deeds):
            start = threading.Barrier(len(deeds), timeout=30)

            def do(deed):
                try:
                    start.wait()
                    return deed()
                finally:
                    connections.close_all()

            return [future.result(30) for future in [pool.submit(do, deed) for deed in deeds]]

        yield run


@pytest.fixture
def asked(connector, cast, publish, now):
    """A customer who has been asked for their e-mail address, a new one each time."""
    publish(collect_first=True, collected_fields=[EMAIL])

    def begin() -> Talk:
        talk = Talk(open_session(connector=connector, options={}), cast, now)
        talk.says(REQUEST)
        return talk

    return begin


def turn_of(talk: Talk):
    entry = OutboxEntry.objects.filter(topic="turn.due", conversation_id=talk.conversation.id).latest("id")
    return lambda: take_turn(entry=entry, at=timezone.now())


def test_an_answer_and_a_takeover_at_once_leave_one_owner_and_no_word_after_the_human(asked, agent, at_once):
    for number in range(ROUNDS):
        talk = asked()
        talk.cast.customer_says(talk.conversation, "ada@example.com")

        def take(talk=talk):
            return take_over(
                conversation_id=talk.conversation.id, agent=agent, at=timezone.now(), may_take_from=True
            )  # fmt: skip

        at_once(*((turn_of(talk), take) if number % 2 else (take, turn_of(talk))))
        owner = Conversation.objects.get(pk=talk.conversation.id)
        assert owner.owner_kind == "human"
        check_speakers(list(Event.objects.filter(conversation=talk.conversation).order_by("sequence")))
        assert not Intake.objects.filter(conversation=talk.conversation, epoch=owner.epoch).exclude(stage="").exists()


def test_an_answer_and_the_end_of_the_session_at_once(asked, at_once):
    for number in range(ROUNDS):
        talk = asked()
        talk.cast.customer_says(talk.conversation, "ada@example.com")

        def end(talk=talk):
            return end_session(conversation_id=talk.conversation.id, reason=EndReason.USER_END, at=timezone.now())

        at_once(*((turn_of(talk), end) if number % 2 else (end, turn_of(talk))))
        ended = Conversation.objects.get(pk=talk.conversation.id)
        assert ended.ended_at is not None
        kinds = list(Event.objects.filter(conversation=ended).order_by("sequence").values_list("type", flat=True))
        assert "ai.message" not in kinds[kinds.index("session.ended") :]


def test_a_message_that_comes_while_the_question_is_put_is_an_answer_to_it(asked, at_once):
    for _ in range(ROUNDS):
        talk = asked()
        talk.cast.customer_says(talk.conversation, "no e-mail")
        first = turn_of(talk)

        def say(talk=talk):
            talk.cast.customer_says(talk.conversation, "ada@example.com")

        at_once(first, say)
        talk.run()
        made = Handoff.objects.get(conversation=talk.conversation)
        assert made.data == {"email": "ada@example.com"}


def test_two_workers_with_the_same_turn_ask_once(asked, at_once):
    for _ in range(ROUNDS):
        talk = asked()
        talk.cast.customer_says(talk.conversation, "not telling")
        at_once(turn_of(talk), turn_of(talk))
        asked_again = Event.objects.filter(
            conversation=talk.conversation, type="ai.message", payload__kind="question"
        ).count()
        assert (asked_again, Intake.objects.get(conversation=talk.conversation).progress["asked"]) == (2, 2)


def test_a_worker_killed_before_it_wrote_leaves_nothing_half_done(asked, now):
    """The turn is taken up again, and does what the first one would have done; once."""
    talk = asked()
    talk.cast.customer_says(talk.conversation, "ada@example.com")
    entry = OutboxEntry.objects.filter(topic="turn.due").latest("id")
    before = Event.objects.count(), Intake.objects.get().progress
    with suppress(Killed), transaction.atomic():
        take_turn(entry=entry, at=now)
        assert Handoff.objects.exists()
        raise Killed
    assert (Event.objects.count(), Intake.objects.get().progress) == before
    take_turn(entry=entry, at=now)
    assert talk.since(0)[-1] == PASSED_ON
    take_turn(entry=entry, at=now)
    assert Handoff.objects.count() == 1


def test_an_offer_that_was_thought_of_before_a_takeover_is_not_made(connector, cast, publish, agent, now):
    publish()
    talk = Talk(open_session(connector=connector, options={}), cast, now)
    talk.cast.customer_says(talk.conversation, f"{QUESTION} {CURSE}")
    assert lease_turn(conversation_id=talk.conversation.id, holder=1, at=now)
    turn = consider_turn(conversation_id=talk.conversation.id, at=now)
    take_over(conversation_id=talk.conversation.id, agent=agent, at=now, may_take_from=True)
    assert not apply_reply(turn=turn, spoken=Spoken(ANSWER), request=None, at=now)
    assert talk.since(0) == []
    assert not Intake.objects.exists()


def test_what_was_asked_before_a_human_came_is_not_answered_afterwards(asked, agent, now):
    talk = asked()
    taken = take_over(conversation_id=talk.conversation.id, agent=agent, at=now, may_take_from=True)
    talk.cast.customer_says(talk.conversation, "ada@example.com")
    hand_back(conversation_id=talk.conversation.id, agent=agent, epoch=taken.epoch, note="", at=now)
    assert talk.says("ada@example.com") != [PASSED_ON]
    assert TurnLease.objects.get().holder is None
    assert DEFAULT.collect_text.split("{")[0] not in talk.since(talk.last - 2)
