"""Why an event was not taken: an anticipated answer, each with what its reader needs."""

from datetime import datetime


class AppendRefused(Exception):
    """The conversation does not take this event; nothing was written and no number was used."""


class UnknownConversation(AppendRefused):
    """There is no such conversation."""


class ConversationEnded(AppendRefused):
    """The session is over. `ended_at` says since when."""

    def __init__(self, ended_at: datetime) -> None:
        super().__init__(f"ended at {ended_at:%H:%M:%S}")
        self.ended_at = ended_at


class StaleEpoch(AppendRefused):
    """Somebody else has it now. `owner_kind`, `owner_id` and `since` say who and since when."""

    def __init__(self, *, owner_kind: str, owner_id: str, since: datetime, epoch: int) -> None:
        super().__init__(f"{owner_kind} {owner_id} has it since {since:%H:%M:%S}, epoch {epoch}")
        self.owner_kind, self.owner_id, self.since, self.epoch = owner_kind, owner_id, since, epoch
