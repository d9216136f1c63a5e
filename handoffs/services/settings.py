"""The one row of a project's handoff settings."""

from conversations.models import Project
from handoffs.models import HandoffSettings


def ensure_settings(*, project: Project) -> HandoffSettings:
    """The project's settings; those every project begins with when it has none yet."""
    settings, _ = HandoffSettings.objects.select_related("project").get_or_create(project=project)
    return settings
