"""Whether agents take work: what they say, and whether an inbox of theirs is open."""

from datetime import datetime, timedelta

from conversations.models import Project, User
from handoffs.models import Presence
from handoffs.services.agent_news import tell_agent
from handoffs.services.offers import offer_after_commit, withdraw_offers_of

READY = "ready"
# Long without an open inbox: gone home, whatever was said. Shorter, a laptop was closed or a train was in a tunnel.
AWAY_AFTER = timedelta(minutes=10)
UNSEEN = "No inbox was open"


def set_presence(*, user: User, project: Project, state: str, at: datetime, reason: str = "") -> Presence:
    """Say whether the person takes work in the project; `since` moves only when the state changes.

    Saying it is a sign of life. Ready: what waits is offered; anything else: what was offered goes to the next.
    Call it outside of transactions: it locks the conversation of an offer it takes back.
    """
    presence, created = Presence.objects.get_or_create(
        {"state": state, "reason": reason, "since": at, "seen_at": at}, user=user, project=project
    )
    if not created:
        _change(presence, state, reason, at)
    tell_agent(project_id=project.pk, agent_id=user.pk)
    if state == READY:
        offer_after_commit(project_id=project.pk, at=at)
    else:
        withdraw_offers_of(project_id=project.pk, agent_id=user.pk, at=at)
    return presence


def turn_away(*, user: User, project: Project, reason: str, at: datetime) -> None:
    """Give somebody who is ready and does not answer a break, in the caller's transaction."""
    ready = Presence.objects.filter(user=user, project=project, state=READY)
    ready.update(state="break", reason=reason, since=at)
    tell_agent(project_id=project.pk, agent_id=user.pk)


def see_agent(*, user: User, project: Project, at: datetime) -> None:
    """An inbox of the person is open."""
    Presence.objects.filter(user=user, project=project).update(seen_at=at)


def turn_away_unseen(*, at: datetime) -> int:
    """Let everybody be away whose inboxes have been closed for long; return how many."""
    unseen = Presence.objects.filter(seen_at__lte=at - AWAY_AFTER).exclude(state="offline")
    return unseen.update(state="offline", reason=UNSEEN, since=at)


def _change(presence: Presence, state: str, reason: str, at: datetime) -> None:
    since = at if presence.state != state else presence.since
    Presence.objects.filter(pk=presence.pk).update(state=state, reason=reason, since=since, seen_at=at)
    presence.state, presence.reason, presence.since, presence.seen_at = state, reason, since, at
