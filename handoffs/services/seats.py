"""Who sits at an inbox socket: the person, the place and what they may see there."""

import uuid
from dataclasses import dataclass

from conversations.access import access_project, permissions_in
from conversations.domain.permissions import Permission
from conversations.models import Project, User
from handoffs.domain.inbox import Viewer


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in the inbox of one project and environment."""

    user: User
    project: Project
    environment: str
    viewer: Viewer


def take_seat(*, user: User, project_id: uuid.UUID | str, environment: str) -> Seat:
    """Return the person's place. Raises NotFound, NotPermitted."""
    project = access_project(user, project_id, Permission.INBOX_VIEW)
    granted = permissions_in(user, project)
    masked, can_reply = Permission.PII_VIEW not in granted, Permission.INBOX_REPLY in granted
    return Seat(user, project, environment, Viewer(str(user.pk), masked, can_reply))


def keep_seat(seat: Seat) -> Seat:
    """Look again at what the person may do here now. Raises NotFound, NotPermitted."""
    user = User.objects.get(pk=seat.user.pk)
    return take_seat(user=user, project_id=seat.project.pk, environment=seat.environment)
