"""What must hold of every conversation at any time; asked of the database after a test has shaken it."""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from conversations.domain.projection import PROJECTED, Projection, apply_event, project_events
from conversations.domain.timeline import EVENT_TYPES
from conversations.models import Conversation, Deadline
from conversations.selectors.timeline import events_after
from handoffs.domain.bringing import is_brought
from handoffs.domain.lifecycle import FINAL, INITIAL, OPEN, TRANSITIONS, State
from handoffs.models import Handoff, QueueEntry

ARROWS = {(old, new) for (old, _), new in TRANSITIONS.items()}
AT_A_DESK = {State.INITIATED, State.REQUESTED, State.ACCEPTED, State.QUEUED, State.ACTIVE, State.CLIENT_REQUIRED}
# After which public event of a handoff each may come; `""` stands for the conversation's beginning.
WITH_AI = {"", "ai.joined"}
OVER = {"handoff.failed", "handoff.timed_out"}
ASKED = {"ai.left", "handoff.accepted", "handoff.queue_status", "handoff.client_required"}
AFTER = {
    "ai.joined": {*WITH_AI, *ASKED, *OVER, "human.joined", "human.left"},
    "handoff.triggered": {*WITH_AI, *OVER, "ai.left", "human.left"},
    "handoff.client_required": {"handoff.triggered", *ASKED, "human.joined"},
    "ai.left": {"handoff.triggered", "handoff.client_required"},
    "handoff.accepted": {*ASKED, "human.joined"},
    "handoff.queue_status": {*ASKED, "human.joined"},
    "human.joined": {*WITH_AI, *ASKED, *OVER, "human.joined"},
    "handoff.failed": {*ASKED, "human.joined"},
    "handoff.timed_out": {*ASKED},
    "human.left": {"human.joined"},
}

SPEAKERS = {"ai.message": {"ai"}, "human.message": {"human", "desk"}}


def check_conversation(conversation: Conversation) -> None:
    conversation.refresh_from_db()
    events = events_after(conversation.id)
    check_sequences(conversation, events)
    check_nothing_public_after_the_end(events)
    check_projection(conversation, events)
    check_one_owner(conversation)
    check_handoffs(conversation)
    check_order(events)
    check_speakers(events)


def check_sequences(conversation, events) -> None:
    """Dense, both of them, and the row knows the last ones."""
    assert [event.sequence for event in events] == list(range(1, conversation.last_sequence + 1))
    public = [event.public_sequence for event in events if event.public_sequence is not None]
    assert public == list(range(1, conversation.last_public + 1))
    assert all((event.public_sequence is not None) == EVENT_TYPES[event.type].public for event in events)


def check_nothing_public_after_the_end(events) -> None:
    ends = [event.sequence for event in events if event.type == "session.ended"]
    assert len(ends) <= 1
    for event in events:
        assert not ends or event.sequence <= ends[0] or EVENT_TYPES[event.type].after_end, event


def check_projection(conversation, events) -> None:
    """Old projection + events = the row."""
    projection = project_events(events)
    for name in PROJECTED - {"owner_since"}:
        assert _plain(getattr(conversation, name)) == getattr(projection, name), name


def check_one_owner(conversation) -> None:
    """Whoever waits stands in exactly one queue, or is between two tries of a chain; whoever is with a human has an
    active handoff; the AI at most a soft one behind its back."""
    open_handoffs = list(Handoff.objects.filter(conversation=conversation, state__in=OPEN))
    states = [State(handoff.state) for handoff in open_handoffs]
    waiting = QueueEntry.objects.filter(conversation=conversation, state="waiting").count()
    assert len(open_handoffs) <= 1
    if states == [State.INITIATED] and conversation.ended_at is None:
        assert Deadline.objects.filter(kind="retry", subject_id=open_handoffs[0].pk).count() == 1
    if conversation.owner_kind == "queue":
        assert (waiting, states) in [(1, [State.QUEUED]), (0, [State.INITIATED])]
    if conversation.owner_kind == "human":
        assert (waiting, states) == (0, [State.ACTIVE])
    if conversation.owner_kind == "desk":
        # An AI elsewhere that brought it counts as a desk, also when nobody is asked.
        assert waiting == 0
        assert len(states) == 1 or (is_brought(conversation) and not states)
        assert set(states) <= AT_A_DESK
    if conversation.owner_kind == "ai":
        assert (waiting, states) == (0, []) or all(handoff.is_soft for handoff in open_handoffs)
    if states and conversation.ended_at is None:
        assert (conversation.handoff_id, conversation.handoff_state) == (open_handoffs[0].pk, states[0].value)


def check_handoffs(conversation) -> None:
    """Each episode went along the arrows of the table, ended once, and says why; its chain has one event of a
    beginning and its webhooks tell each state once."""
    for handoff in Handoff.objects.filter(conversation=conversation):
        passed = [State(step["state"]) for step in handoff.history]
        assert passed[0] is INITIAL
        assert passed[-1] == handoff.state
        assert all((old, new) in ARROWS for old, new in pairwise(passed)), passed
        assert (handoff.state in FINAL) == bool(handoff.cause) == (handoff.ended_at is not None)
        if handoff.state in FINAL:
            assert not Deadline.objects.filter(subject_id=handoff.pk).exists()
            assert not QueueEntry.objects.filter(pk=handoff.pk, state="waiting").exists()


def check_speakers(events) -> None:
    """Only who has the conversation speaks in it."""
    now = Projection()
    for event in events:
        if event.type in SPEAKERS:
            assert now.owner_kind in SPEAKERS[event.type], (event.sequence, event.type, now.owner_kind)
        now = apply_event(now, event)


def check_order(events) -> None:
    """What the customer is told of handoffs comes in an allowed order."""
    told = [event.type for event in events if event.type in AFTER]
    for before, after in pairwise(["", *told]):
        assert before in AFTER[after], told


def _plain(value):
    """A column in the JSON form it has in an event."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
