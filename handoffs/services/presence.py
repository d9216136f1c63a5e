"""Whether agents take work."""

from datetime import datetime

from conversations.models import Project, User
from handoffs.models import Presence


def set_presence(*, user: User, project: Project, state: str, at: datetime, reason: str = "") -> Presence:
    """Say whether the person takes work in the project; `since` moves only when the state changes."""
    presence, created = Presence.objects.get_or_create(
        {"state": state, "reason": reason, "since": at}, user=user, project=project
    )
    if not created and (presence.state, presence.reason) != (state, reason):
        since = at if presence.state != state else presence.since
        Presence.objects.filter(pk=presence.pk).update(state=state, reason=reason, since=since)
        presence.state, presence.reason, presence.since = state, reason, since
    return presence
