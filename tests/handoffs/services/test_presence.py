"""What agents say of themselves, and what their inboxes say of them."""

from datetime import timedelta

import pytest

from handoffs.models import Presence
from handoffs.services.presence import see_agent, set_presence, turn_away_unseen


def test_since_moves_only_with_the_state(project, agent, now):
    set_presence(user=agent, project=project, state="ready", at=now)
    set_presence(user=agent, project=project, state="ready", at=now + timedelta(minutes=1), reason="Back")

    shown = Presence.objects.get()
    assert (shown.state, shown.reason, shown.since) == ("ready", "Back", now)
    assert shown.seen_at == now + timedelta(minutes=1)


@pytest.mark.parametrize("state", ["ready", "busy", "break", "draining"])
def test_who_has_no_inbox_open_for_long_is_away(project, agent, now, state):
    set_presence(user=agent, project=project, state=state, at=now)

    assert turn_away_unseen(at=now + timedelta(minutes=9)) == 0
    assert turn_away_unseen(at=now + timedelta(minutes=10)) == 1

    shown = Presence.objects.get()
    assert (shown.state, shown.reason) == ("offline", "No inbox was open")
    assert turn_away_unseen(at=now + timedelta(minutes=20)) == 0


def test_an_open_inbox_keeps_what_was_said(project, agent, now):
    set_presence(user=agent, project=project, state="ready", at=now)
    see_agent(user=agent, project=project, at=now + timedelta(minutes=9))

    assert turn_away_unseen(at=now + timedelta(minutes=11)) == 0
    assert Presence.objects.get().state == "ready"


def test_seeing_somebody_who_never_said_anything_says_nothing(project, agent, now):
    see_agent(user=agent, project=project, at=now)

    assert not Presence.objects.exists()
