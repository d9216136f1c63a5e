"""Telephony lines as their page shows them: what leaves by them, and how the other environment's differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.models import Destination, Line, Release
from handoffs.selectors.destination_methods import mismatched_destinations
from handoffs.selectors.destination_surroundings import read_build_lines
from handoffs.selectors.snapshots import read_config
from handoffs.selectors.working_copy import LINE
from integrations.models import Connection

# What a line says besides its key: what is copied, and what can differ.
COPIED = (*(column for column in LINE.values() if column != "key"), "required_method")


@dataclass(frozen=True, slots=True)
class LineUse:
    """A destination that leaves by a line. pk: of the working copy's row, None where only the live release has it."""

    words: str
    pk: str | None = None


def list_lines(*, project: Project, environment: Environment) -> list[Line]:
    """The lines of an environment, the one that destinations leave by without naming one first."""
    return list(Line.objects.filter(project=project, environment=environment.value).order_by("created_at", "pk"))


def is_first(line: Line) -> bool:
    """Whether destinations that name no line leave by this one."""
    lines = list_lines(project=line.project, environment=Environment(line.environment))
    return bool(lines) and lines[0].pk == line.pk


def find_line_uses(line: Line) -> tuple[LineUse, ...]:
    """What would lose its way without the line: destinations that name it, those that name none when it is the only
    one, and for a live line those of the release that is live."""
    is_only = not Line.objects.filter(project=line.project, environment=line.environment).exclude(pk=line.pk).exists()
    keys = [line.key, *([""] if is_only else [])]
    rows = Destination.objects.filter(project=line.project, line_key__in=keys).exclude(method="").order_by("name")
    uses = {row.key: LineUse(row.name, str(row.pk)) for row in rows}
    for key, name in _live_uses(line, keys):
        uses.setdefault(key, LineUse(_("{name}, in the live release").format(name=name)))
    return tuple(uses.values())


def count_mismatches(project: Project) -> int:
    """How many destinations use another method than their line accepts."""
    return mismatched_destinations(project, read_build_lines(project)).count()


def twin_of(line: Line) -> Line | None:
    """The line of the same key in the other environment."""
    return Line.objects.filter(project=line.project, key=line.key).exclude(environment=line.environment).first()


def are_alike(line: Line, twin: Line) -> bool:
    return all(getattr(line, column) == getattr(twin, column) for column in COPIED)


def has_credentials(line: Line) -> bool:
    """Whether a sign-in is stored for it; what it is stays sealed."""
    stored = Connection.objects.filter(project=line.project, environment=line.environment, key=line.key)
    return stored.filter(is_active=True).exists()


def _live_uses(line: Line, keys: Sequence[str]) -> list[tuple[str, str]]:
    if line.environment != Environment.LIVE:
        return []
    current = Release.objects.filter(project=line.project).order_by("-number").only("snapshot_id").first()
    destinations = read_config(current.snapshot_id).destinations if current else ()
    return [(item.key, item.name) for item in destinations if item.voice and item.voice.line in keys]
