"""Reads of what was published, and of what is not published yet."""

from conversations.models import Project
from handoffs.domain.config import config_to_json, content_hash
from handoffs.models import Release
from handoffs.selectors.working_copy import read_working_copy

NEWEST = 50


def newest_releases(project: Project) -> list[Release]:
    """The newest releases with who published them, the current one first."""
    return list(Release.objects.filter(project=project).select_related("published_by").order_by("-number")[:NEWEST])


def is_published(project: Project) -> bool:
    """Whether live conversations already read what the working copy says."""
    current = Release.objects.filter(project=project).order_by("-number").only("snapshot_id").first()
    return current is not None and current.snapshot_id == content_hash(config_to_json(read_working_copy(project)))
