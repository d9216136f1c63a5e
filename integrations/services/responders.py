"""Who answers as the AI: the connection the configuration names, resolved per environment at each turn."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from cattrs.errors import BaseValidationError

from handoffs.services.answering import Turn
from integrations.adapters.base import AdapterError, Permanent
from integrations.domain.responder_settings import SENT_TO
from integrations.domain.sealing import UnreadableSecret
from integrations.domain.targets import TargetRefused, parse_target
from integrations.models import Connection
from integrations.registry import RESPONDERS, built_in_responder, responder_of
from integrations.responders.base import Responder


@contextmanager
def choose_responder(*, turn: Turn, clock: Callable[[], datetime]) -> Iterator[Responder]:
    """Yield who answers this turn. How it went is kept with the connection, for its tile and for Health.

    Raises Permanent when the connection is not there, switched off or cannot be used.
    """
    if not turn.config.responder:
        yield built_in_responder()
        return
    connection = find_responder_connection(turn)
    try:
        yield responder_over(connection)
    except AdapterError as error:
        note_health(connection=connection, error=str(error), at=clock())
        raise
    note_health(connection=connection, error="", at=clock())


def find_responder_connection(turn: Turn) -> Connection:
    """The connection that answers in the turn's environment. Raises Permanent."""
    return find_connection(
        project_id=turn.project_id, environment=turn.environment, key=turn.config.responder, kinds=list(RESPONDERS)
    )


def find_connection(*, project_id: uuid.UUID, environment: str, key: str, kinds: Collection[str]) -> Connection:
    """The connection of one of these kinds that is switched on under this key. Raises Permanent."""
    rows = Connection.objects.filter(project_id=project_id, environment=environment, key=key)
    found = rows.filter(kind__in=kinds, is_active=True).first()
    if found is None:
        raise Permanent(f"no connection {key} answers in {environment}")
    return found


def responder_over(connection: Connection) -> Responder:
    """Raises Permanent when what is stored of the connection cannot be used."""
    try:
        credentials = connection.credentials.open_pairs()
        _check_address(connection, credentials)
        return responder_of(connection.kind, settings=connection.settings, credentials=credentials)
    except UnreadableSecret as error:
        raise Permanent(f"the key of {connection.name} cannot be read: enter it again") from error
    except TargetRefused as refused:
        raise Permanent(str(refused)) from refused
    except BaseValidationError as error:
        raise Permanent(f"{connection.name} lacks a setting: open it and save it again") from error


def _check_address(connection: Connection, credentials: Mapping[str, str]) -> None:
    """A connection may have been moved, or copied, after its credential was entered. Raises Permanent."""
    meant = credentials.get(SENT_TO)
    if meant and parse_target(connection.settings.get("url", "")).origin != meant:
        raise Permanent(f"the key of {connection.name} was entered for {meant}: enter it again")


def note_health(*, connection: Connection, error: str, at: datetime) -> None:
    """Keep how the last call went; written only when it differs from what was known."""
    health = Connection.Health.FAILING if error else Connection.Health.OK
    if (connection.health, connection.last_error) == (health, error):
        return
    Connection.objects.filter(pk=connection.pk).update(health=health, last_error=error, checked_at=at)
    connection.health, connection.last_error, connection.checked_at = health, error, at
