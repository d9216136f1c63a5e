"""Own thresholds of the triggers, taken from what reviewers said; in the working copy, as the settings' form does."""

from datetime import datetime

from conversations.models import User
from conversations.services.configuration import change_row
from handoffs.domain.triggers.signal import Trigger
from handoffs.models import HandoffSettings


def set_threshold(
    *,
    settings: HandoffSettings,
    trigger: Trigger,
    threshold: float | None,
    user: User,
    at: datetime,
    revision: int,
    why: str,
) -> None:
    """Let the trigger fire from this score on, whatever its sensitivity says; None: the sensitivity counts again.

    Raises StaleRevision.
    """
    others = {name: value for name, value in settings.thresholds.items() if name != trigger.value}
    own = {} if threshold is None else {trigger.value: threshold}
    change_row(
        row=settings,
        values={"thresholds": others | own},
        user=user,
        project=settings.project,
        at=at,
        revision=revision,
        why=why,
    )
