"""`conv.state` changes by an event, which carries the change."""

import pytest
from django.db import transaction

from conversations.domain.state import StateTooLarge
from conversations.models import Event
from conversations.services.ownership import lock_conversation
from conversations.services.state import change_state


def change(conversation, changes):
    with transaction.atomic():
        stored = change_state(conversation=lock_conversation(conversation.id), changes=changes, author="ai")
    conversation.refresh_from_db()
    return stored


def test_a_change_is_an_event_that_says_what_and_what_is_now(conversation):
    change(conversation, {"name": "Ada", "order": 7})
    stored = change(conversation, {"order": None})
    assert conversation.state == {"name": "Ada"}
    assert (stored.type, stored.payload["changes"], stored.payload["now"]) == (
        "state.changed", {"order": None}, {"state": {"name": "Ada"}},
    )  # fmt: skip


def test_what_is_so_already_leaves_no_trace(conversation):
    change(conversation, {"name": "Ada"})
    assert change(conversation, {"name": "Ada", "gone": None}) is None
    assert Event.objects.filter(type="state.changed").count() == 1


def test_too_much_is_refused_and_nothing_of_it_kept(conversation):
    with pytest.raises(StateTooLarge):
        change(conversation, {"blob": "x" * 70_000})
    assert not Event.objects.filter(type="state.changed").exists()
