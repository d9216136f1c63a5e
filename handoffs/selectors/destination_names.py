"""Names of destinations, for lists that hold keys."""

from collections.abc import Collection

from conversations.models import Project
from handoffs.models import Destination


def read_destination_names(project: Project, *, keys: Collection[str]) -> dict[str, str]:
    """Name by key, of those that exist; one query."""
    rows = Destination.objects.filter(project=project, key__in=keys)
    return dict(rows.values_list("key", "name"))
