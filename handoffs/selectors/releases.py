"""Reads of what was published, and of what is not published yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conversations.models import Project
from handoffs.domain.config import config_to_json
from handoffs.domain.contract import Uncollected, find_uncollected
from handoffs.models import Release
from handoffs.selectors.snapshots import read_config
from handoffs.selectors.working_copy import read_working_copy

NEWEST = 50
KEYS = ("key", "code")


@dataclass(frozen=True, slots=True)
class Changes:
    """How many things the working copy has that the current release has otherwise, or the other way round.

    number: that release's, None before the first.
    """

    number: int | None
    count: int


def newest_releases(project: Project) -> list[Release]:
    """The newest releases with who published them, the current one first."""
    return list(Release.objects.filter(project=project).select_related("published_by").order_by("-number")[:NEWEST])


def is_published(project: Project) -> bool:
    """Whether live conversations already read what the working copy says."""
    current = Release.objects.filter(project=project).order_by("-number").only("snapshot_id").first()
    # Compared as it is read now, not by its address: a release may be older than a field with a default.
    return current is not None and read_config(current.snapshot_id) == read_working_copy(project)


def list_uncollected(project: Project) -> tuple[Uncollected, ...]:
    """Of the working copy: what a destination must be given and nothing collects; destinations by name."""
    config = read_working_copy(project)
    names = {item.key: item.name for item in config.destinations}
    return tuple(replace(item, destination=names[item.destination]) for item in find_uncollected(config))


def count_changes(project: Project) -> Changes:
    """Count keyed things (a destination, a topic) once each, and each changed setting."""
    working = dict(_things(config_to_json(read_working_copy(project))))
    current = Release.objects.filter(project=project).select_related("snapshot").order_by("-number").first()
    if current is None:
        return Changes(None, len(working))
    live = dict(_things(config_to_json(read_config(current.snapshot_id))))
    return Changes(current.number, sum(working.get(name) != live.get(name) for name in working.keys() | live.keys()))


def _things(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every thing a configuration's JSON holds, by a name that stays: lists by key, settings by field."""
    for name, value in content.items():
        if isinstance(value, list | tuple):
            yield from ((f"{name}/{item[_key_of(item)]}", item) for item in value)
        elif isinstance(value, Mapping):
            yield from ((f"{name}/{field}", inner) for field, inner in value.items())
        else:
            yield name, value


def _key_of(item: Mapping[str, Any]) -> str:
    return next(name for name in KEYS if name in item)
