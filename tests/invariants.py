"""What must hold of every conversation at any time; asked of the database after a test has shaken it."""

from datetime import datetime
from uuid import UUID

from conversations.domain.projection import PROJECTED, project_events
from conversations.domain.timeline import EVENT_TYPES
from conversations.models import Conversation
from conversations.selectors.timeline import events_after
from handoffs.domain.lifecycle import OPEN, State
from handoffs.models import Handoff, QueueEntry


def check_conversation(conversation: Conversation) -> None:
    conversation.refresh_from_db()
    events = events_after(conversation.id)
    check_sequences(conversation, events)
    check_nothing_public_after_the_end(events)
    check_projection(conversation, events)
    check_one_owner(conversation)


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
    """Whoever waits stands in exactly one queue, whoever is with a human has an active handoff, nobody else."""
    open_handoffs = list(Handoff.objects.filter(conversation=conversation, state__in=OPEN))
    waiting = QueueEntry.objects.filter(conversation=conversation, state="waiting").count()
    assert len(open_handoffs) <= 1
    if conversation.owner_kind == "queue":
        assert (waiting, [handoff.state for handoff in open_handoffs]) == (1, [State.QUEUED])
    if conversation.owner_kind == "human":
        assert (waiting, [handoff.state for handoff in open_handoffs]) == (0, [State.ACTIVE])
    if conversation.owner_kind == "ai":
        assert (waiting, open_handoffs) == (0, [])


def _plain(value):
    """A column in the JSON form it has in an event."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
