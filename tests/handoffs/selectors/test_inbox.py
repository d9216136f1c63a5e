"""The inbox list: views, order, pages, masks, and a bounded number of queries."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Customer
from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import lock_conversation
from conversations.services.replies import send_reply
from conversations.services.sessions import end_session, open_session
from handoffs.domain.inbox import View, Viewer, describe, view_of
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff
from handoffs.selectors.inbox import BadCursor, read_open_sequences, read_row, read_rows, read_tally, read_view
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation, hand_back
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import read_current_config
from handoffs.services.tickets import open_ticket


@pytest.fixture
def viewer(agent) -> Viewer:
    return Viewer(str(agent.pk), masked=False, can_reply=True)


@pytest.fixture
def look(project, viewer):
    def at(view: View, **options):
        return read_view(project=project, environment="live", viewer=viewer, view=view, **options)

    return at


@pytest.fixture
def wait(release, connector, cast):
    """Let one more customer wait."""

    def one() -> Conversation:
        conversation = open_session(connector=connector, options={})
        cast.hand_off(conversation)
        conversation.refresh_from_db()
        return conversation

    return one


@pytest.fixture
def leave_message(wait):
    """Let one more customer leave a message."""

    def one() -> Conversation:
        conversation = wait()
        handoff = Handoff.objects.get(conversation=conversation)
        Handoff.objects.filter(pk=handoff.pk).update(state="timed_out", cause="wait_limit")
        open_ticket(conversation=conversation, after=handoff, text="Leave a message", at=timezone.now())
        return conversation

    return one


def close(conversation: Conversation, agent) -> None:
    claimed = claim_conversation(conversation_id=conversation.pk, agent=agent, at=timezone.now())
    facts = OutcomeFacts(code="refund_issued", resolved=True)
    close_conversation(
        conversation_id=conversation.pk, agent=agent, epoch=claimed.epoch, facts=facts, at=timezone.now()
    )


def ids(page) -> list:
    return [row.conversation_id for row in page.rows]


def test_who_waits_longest_stands_first_and_messages_stand_last(look, wait, leave_message):
    message, first, second = leave_message(), wait(), wait()

    page = look(View.WAITING)

    assert ids(page) == [first.pk, second.pk, message.pk]
    assert [row.state for row in page.rows] == ["waiting", "waiting", "ticket"]


def test_every_conversation_stands_in_the_view_its_row_says(
    look, wait, leave_message, conversation, agent, other_agent
):
    mine, team, closed = wait(), wait(), wait()
    wait(), leave_message()
    claim_conversation(conversation_id=mine.pk, agent=agent, at=timezone.now())
    claim_conversation(conversation_id=team.pk, agent=other_agent, at=timezone.now())
    close(closed, agent)
    viewer = Viewer(str(agent.pk), masked=False, can_reply=True)

    rows = read_rows(list(Conversation.objects.values_list("pk", flat=True)))

    for view in View:
        expected = {row.conversation_id for row in rows if view_of(row, viewer) is view}
        assert set(ids(look(view))) == expected, view
    assert {view: len(ids(look(view))) for view in View} == {
        View.MINE: 1,
        View.WAITING: 2,
        View.AI: 1,
        View.TEAM: 1,
        View.SNOOZED: 0,
        View.CLOSED: 1,
    }


def test_the_counts_are_the_lengths_of_the_views(look, wait, conversation, project, viewer, agent, other_agent):
    mine, team, closed = wait(), wait(), wait()
    wait()
    claim_conversation(conversation_id=mine.pk, agent=agent, at=timezone.now())
    claim_conversation(conversation_id=team.pk, agent=other_agent, at=timezone.now())
    close(closed, agent)

    counts = read_tally(project=project, environment="live", at=timezone.now()).counts(viewer)

    assert counts == {view.value: len(ids(look(view))) for view in View}


def test_a_customer_who_only_spoke_with_the_ai_never_came_to_the_inbox(look, conversation):
    end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=timezone.now())

    assert all(ids(look(view)) == [] for view in View)


@pytest.mark.parametrize("view", [View.WAITING, View.AI])
def test_pages_follow_each_other_without_gap_or_repeat(look, wait, connector, release, view):
    made = [wait() if view is View.WAITING else open_session(connector=connector, options={}) for _ in range(5)]

    seen, cursor = [], ""
    for _ in range(3):
        page = look(view, cursor=cursor, limit=2)
        seen += ids(page)
        cursor = page.next or ""

    assert page.next is None
    assert seen == [one.pk for one in (made if view is View.WAITING else reversed(made))]


def test_a_cursor_of_another_view_is_refused(look, wait):
    wait(), wait()
    cursor = look(View.WAITING, limit=1).next
    assert cursor is not None

    with pytest.raises(BadCursor):
        look(View.MINE, cursor=cursor)


def test_a_longer_list_takes_no_more_queries(look, wait, agent, django_assert_num_queries):
    for _ in range(2):
        claim_conversation(conversation_id=wait().pk, agent=agent, at=timezone.now())
    look(View.MINE)
    with django_assert_num_queries(2):
        look(View.MINE)
    for _ in range(6):
        claim_conversation(conversation_id=wait().pk, agent=agent, at=timezone.now(), force=True)

    with django_assert_num_queries(2):
        assert len(ids(look(View.MINE))) == 8


def test_only_what_nobody_answered_is_unread(claimed, agent, cast):
    cast.customer_says(claimed, "One")
    cast.customer_says(claimed, "Two")
    assert read_row(claimed.pk).unread == 2

    send_reply(conversation_id=claimed.pk, author=agent, text="Here I am", epoch=claimed.epoch, client_id="1")

    assert read_row(claimed.pk).unread == 0


def test_what_i_said_last_is_mine_and_anothers_has_a_name(claimed, agent, other_agent, viewer):
    send_reply(conversation_id=claimed.pk, author=agent, text="Here I am", epoch=claimed.epoch, client_id="1")
    row = read_row(claimed.pk)

    assert describe(row, viewer)["last_event"]["author"] == "You"
    assert describe(row, Viewer(str(other_agent.pk), masked=False, can_reply=True))["last_event"]["author"] == "Maya"


def test_without_the_right_to_personal_data_name_and_words_are_hidden(waiting, agent, cast):
    Customer.objects.filter(pk=waiting.customer_id).update(name="Hannah Whitlock")
    cast.customer_says(waiting, "My card ends in 2207")
    row = read_row(waiting.pk)

    open_row = describe(row, Viewer(str(agent.pk), masked=False, can_reply=True))
    masked = describe(row, Viewer(str(agent.pk), masked=True, can_reply=True))

    assert (open_row["name"], open_row["last_event"]["text"]) == ("Hannah Whitlock", "My card ends in 2207")
    assert masked["name"] == f"Customer {waiting.pk.hex[-4:].upper()}"
    assert masked["last_event"]["text"] == "•••"
    assert "Hannah" not in str(masked)


def test_the_waiting_are_late_once_the_first_is_over_the_target(waiting, project):
    tally = read_tally(project=project, environment="live", at=timezone.now())
    assert tally.late_at == waiting.waiting_since + timedelta(seconds=120)

    assert not tally.is_late(waiting.waiting_since + timedelta(seconds=119))
    assert tally.is_late(waiting.waiting_since + timedelta(seconds=120))


def test_what_is_over_is_not_among_the_open(waiting, conversation, agent, project):
    conversation.refresh_from_db()
    place = {"project_id": project.pk, "environment": "live"}
    assert read_open_sequences(**place) == {conversation.pk: conversation.last_sequence}

    close(waiting, agent)

    assert read_open_sequences(**place) == {}


def test_who_was_handed_back_is_with_the_ai(claimed, agent, look):
    hand_back(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, note="", at=timezone.now())

    (row,) = look(View.AI).rows
    assert (row.owner_name, row.unread) == ("Fern", 0)


def test_who_is_waited_for_while_the_ai_answers_stands_with_the_waiting(conversation, project, viewer, look, now):
    """A soft handoff: the AI has the conversation, an agent may claim it."""
    request = HandoffRequest(Trigger.AI_DECISION, "needs_human", "I'm passing you on.", soft=True)
    with transaction.atomic():
        locked = lock_conversation(conversation.pk)
        current = read_current_config(project=project, environment="live")
        start_handoff(conversation=locked, request=request, current=current, at=now)

    row = read_row(conversation.pk)

    assert (row.owner_kind, view_of(row, viewer)) == ("ai", View.WAITING)
    assert [item.conversation_id for item in look(View.WAITING).rows] == [conversation.pk]
    assert look(View.AI).rows == ()
    tally = read_tally(project=project, environment="live", at=now)
    assert (tally.waiting, tally.ai) == (1, 0)
