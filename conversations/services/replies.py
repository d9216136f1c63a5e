"""What staff write into a conversation: replies under an epoch, notes, and the drafts of what was refused."""

import uuid

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.domain.vocabulary import DraftMode
from conversations.models import Draft, User


class ReplyRefused(Exception):
    """The reply was not sent and is kept. `because` says why (AppendRefused), `draft` holds the text."""

    def __init__(self, because: AppendRefused, draft: Draft) -> None:
        super().__init__(str(because))
        self.because, self.draft = because, draft


def send_reply(
    *, conversation_id: uuid.UUID, author: User, text: str, epoch: int, client_id: str | None
) -> StoredEvent:
    """Append a human's message made under `epoch`. Raises ReplyRefused; then the text is kept as a draft."""
    event = NewEvent(
        "human.message",
        f"user:{author.id}",
        {"text": text, "agent_id": str(author.id), "agent_name": author.get_short_name()},
        client_id=client_id,
        epoch=epoch,
    )
    try:
        stored = append_event(conversation_id=conversation_id, event=event)
    except AppendRefused as because:
        draft = keep_draft(
            conversation_id=conversation_id, user=author, mode=DraftMode.REPLY, text=text, because=str(because)
        )
        raise ReplyRefused(because, draft) from because
    Draft.objects.filter(conversation_id=conversation_id, user=author, mode=DraftMode.REPLY).delete()
    return stored


def add_note(*, conversation_id: uuid.UUID, author: User, text: str, client_id: str | None) -> StoredEvent:
    """Append a note, which only colleagues see."""
    return append_event(
        conversation_id=conversation_id,
        event=NewEvent(
            "note.added",
            f"user:{author.id}",
            {"text": text, "agent_name": author.get_short_name()},
            client_id=client_id,
        ),
    )


def keep_draft(*, conversation_id: uuid.UUID, user: User, mode: DraftMode, text: str, because: str = "") -> Draft:
    draft, _ = Draft.objects.update_or_create(
        {"text": text, "refused_because": because[:200]},
        conversation_id=conversation_id,
        user=user,
        mode=mode.value,
    )
    return draft
