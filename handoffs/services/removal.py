"""Removing what the settings are made of: refused while something of the working copy still uses it."""

from django.db import transaction

from conversations.models import Project, User
from conversations.services.configuration import remove_row
from handoffs.models import ForbiddenTopic, Queue, Reason
from handoffs.selectors.destination_uses import Use
from handoffs.selectors.settings_uses import find_queue_uses, find_reason_uses


class StillInUse(Exception):
    """Something points at it: `uses` says what is to be pointed elsewhere first."""

    def __init__(self, uses: tuple[Use, ...]) -> None:
        super().__init__(", ".join(use.words for use in uses))
        self.uses = uses


def delete_reason(*, reason: Reason, user: User) -> None:
    """Raises StillInUse."""
    with transaction.atomic():
        _lock(reason.project)
        _refuse(find_reason_uses(reason))
        remove_row(row=reason, user=user, project=reason.project)


def delete_queue(*, queue: Queue, user: User) -> None:
    """Raises StillInUse."""
    with transaction.atomic():
        _lock(queue.project)
        _refuse(find_queue_uses(queue))
        remove_row(row=queue, user=user, project=queue.project)


def delete_forbidden_topic(*, topic: ForbiddenTopic, user: User) -> None:
    remove_row(row=topic, user=user, project=topic.project)


def _lock(project: Project) -> None:
    # As the destinations of a project are: nothing that is being deleted gains a use meanwhile.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _refuse(uses: tuple[Use, ...]) -> None:
    if uses:
        raise StillInUse(uses)
