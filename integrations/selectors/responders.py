"""Who answers as the AI: the connections of an environment, which of them is asked now, and which after publishing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.models import Release
from handoffs.selectors.snapshots import read_config
from integrations.domain.responder_settings import ResponderKind
from integrations.domain.sealing import UnreadableSecret
from integrations.models import Connection

COMPARED = ("name", "settings", "is_active")


@dataclass(frozen=True, slots=True)
class Answering:
    """Of one environment. connections: those that can answer, by name; now: the key of the one that is asked, empty
    for the topics; chosen: the one of the working copy; missing: the key that is asked and is not there or is off."""

    connections: tuple[Connection, ...]
    now: str
    chosen: str
    missing: str


def read_answering(*, project: Project, environment: Environment) -> Answering:
    """The sandbox asks whom the working copy names, live whom the current release names."""
    rows = Connection.objects.filter(project=project, environment=environment.value, kind__in=list(ResponderKind))
    found = tuple(rows.order_by("name", "pk"))
    now = project.responder_key if environment is Environment.SANDBOX else _released(project)
    ready = {row.key for row in found if row.is_active}
    return Answering(found, now, project.responder_key, now if now and now not in ready else "")


def find_responder_uses(connection: Connection) -> tuple[str, ...]:
    """What asks this connection: the working copy, and the release that is live."""
    uses = []
    if connection.project.responder_key == connection.key:
        uses.append(_("the working copy"))
    if connection.environment == Environment.LIVE and _released(connection.project) == connection.key:
        uses.append(_("the live release"))
    return tuple(uses)


def twin_of_connection(connection: Connection) -> Connection | None:
    """The connection of the same key in the other environment."""
    rows = Connection.objects.filter(project=connection.project, key=connection.key)
    return rows.exclude(environment=connection.environment).first()


def are_alike(connection: Connection, twin: Connection) -> bool:
    return all(getattr(connection, column) == getattr(twin, column) for column in COMPARED)


def has_secret(connection: Connection) -> bool:
    """Whether a credential is stored, even one that cannot be opened any more; what it is stays sealed."""
    try:
        return bool(connection.credentials.open_pairs())
    except UnreadableSecret:
        return True


def _released(project: Project) -> str:
    current = Release.objects.filter(project=project).order_by("-number").only("snapshot_id").first()
    return read_config(current.snapshot_id).responder if current else ""
