"""Connections that answer as the AI: copied between environments, removed, tried out, and chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from conversations.domain.vocabulary import Environment
from conversations.models import Project, User
from conversations.models.ids import new_id
from conversations.services.configuration import add_row, change_row, remove_row
from handoffs.domain.keys import free_key
from handoffs.services.releases import read_current_config
from integrations.adapters.base import AdapterError
from integrations.domain.responder_settings import ResponderKind
from integrations.models import Connection
from integrations.responders.base import Patient, Reply, Turn
from integrations.selectors.responders import find_responder_uses, twin_of_connection
from integrations.services.responders import note_health, responder_over

COPIED = ("name", "settings", "is_active")
BUILT_IN_KEY = "topics"


class ConnectionInUse(Exception):
    """It answers as the AI. `uses` says where: choose another one first."""

    def __init__(self, connection: Connection, uses: tuple[str, ...]) -> None:
        super().__init__(f"{connection} answers: {', '.join(uses)}")
        self.uses = uses


class UnknownResponder(Exception):
    """No connection of this key answers in any environment of the project."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a test question brought. reply: None when none came, then `error` says why."""

    question: str
    reply: Reply | None
    error: str
    milliseconds: int


def free_connection_key(project: Project, *, name: str) -> str:
    """A key that no connection of either environment has: the same key in both means the same thing."""
    taken = Connection.objects.filter(project=project).values_list("key", flat=True)
    return free_key(name, taken={BUILT_IN_KEY, *taken}, fallback="ai")


def copy_connection(*, connection: Connection, to: Environment, user: User, at: datetime) -> Connection:
    """Make the other environment's connection of the same key say the same. Each keeps its own credentials."""
    values = {column: getattr(connection, column) for column in COPIED}
    why = f"Copied from {connection.environment}"
    with transaction.atomic():
        # Two who copy at once would both find no twin.
        Project.objects.select_for_update(no_key=True).get(pk=connection.project_id)
        twin = twin_of_connection(connection)
        if twin is None:
            place = {"project": connection.project, "environment": to.value}
            twin = Connection(**place, key=connection.key, kind=connection.kind, **values)
            return add_row(row=twin, user=user, project=connection.project, why=why)
        change_row(row=twin, values=values, user=user, project=connection.project, at=at, why=why)
        return twin


def remove_connection(*, connection: Connection, user: User) -> None:
    """Delete a connection nothing asks, and its credentials. Raises ConnectionInUse."""
    with transaction.atomic():
        # Who answers is chosen and published under this lock.
        Project.objects.select_for_update(no_key=True).get(pk=connection.project_id)
        if uses := find_responder_uses(connection):
            raise ConnectionInUse(connection, uses)
        remove_row(row=connection, user=user, project=connection.project)


def choose_responder_of(*, project: Project, key: str, user: User, at: datetime) -> None:
    """Let a connection (by key) or the built-in topics answer, in the working copy. Raises UnknownResponder."""
    chosen = "" if key == BUILT_IN_KEY else key
    with transaction.atomic():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        known = Connection.objects.filter(project=project, key=chosen, kind__in=list(ResponderKind))
        if chosen and not known.exists():
            raise UnknownResponder(key)
        change_row(row=locked, values={"responder_key": chosen}, user=user, project=project, at=at)


def try_connection(*, connection: Connection, question: str, clock: Callable[[], datetime]) -> Trial:
    """Ask a question as a customer would, and wait for the answer; no conversation is made of it."""
    start = clock()
    config = read_current_config(project=connection.project, environment=connection.environment).config
    turn = Turn(
        id=f"trial-{new_id()}",
        conversation_id=new_id(),
        messages=[("customer", question)],
        ai_name=config.ai_name,
        environment=connection.environment,
        topics=config.topics,
        destinations=config.destinations,
        reasons=config.reasons,
    )
    reply, error = None, ""
    try:
        reply = responder_over(connection).answer(turn, Patient())
    except AdapterError as failure:
        error = str(failure)
    end = clock()
    note_health(connection=connection, error=error, at=end)
    return Trial(question, reply, error, round((end - start).total_seconds() * 1000))
