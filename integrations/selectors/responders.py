"""Who answers as the AI: the connections of an environment, which of them is asked now, and which after publishing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.config import ProjectConfig
from handoffs.models import HandoffSettings, Release
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
    """What asks this connection, as the one that answers or as the judge: the working copy, and the release that is
    live."""
    project, uses = connection.project, []
    judges = HandoffSettings.objects.filter(project=project).values_list("judge", flat=True)
    if connection.key in {project.responder_key, *judges}:
        uses.append(_("the working copy"))
    if connection.environment == Environment.LIVE and connection.key in _released_keys(project):
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
    config = _released_config(project)
    return config.responder if config else ""


def _released_keys(project: Project) -> frozenset[str]:
    """The connections the current release asks."""
    config = _released_config(project)
    return frozenset({config.responder, config.settings.judge}) if config else frozenset()


def _released_config(project: Project) -> ProjectConfig | None:
    current = Release.objects.filter(project=project).order_by("-number").only("snapshot_id").first()
    return read_config(current.snapshot_id) if current else None
