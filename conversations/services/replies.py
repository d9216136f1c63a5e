"""What staff write into a conversation: replies under an epoch, notes, and the drafts of what was refused."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from conversations.append import AppendRefused, StaleEpoch, append_event
from conversations.domain.attachments import Attachment
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.domain.vocabulary import DraftMode, OwnerKind
from conversations.models import Conversation, Draft, User


class ReplyRefused(Exception):
    """The reply was not sent and is kept. `because` says why (AppendRefused), `draft` holds the text."""

    def __init__(self, because: AppendRefused, draft: Draft) -> None:
        super().__init__(str(because))
        self.because, self.draft = because, draft


def send_reply(
    *,
    conversation_id: uuid.UUID,
    author: User,
    text: str,
    epoch: int,
    client_id: str | None,
    attachments: Sequence[Attachment] = (),
) -> StoredEvent:
    """Append a message of the human who has the conversation, made under `epoch`.

    Raises ReplyRefused; then the text is kept as a draft.
    """
    payload: dict[str, Any] = {"text": text, "agent_id": str(author.id), "agent_name": author.get_short_name()}
    if attachments:
        payload["attachments"] = list(attachments)
    event = NewEvent("human.message", f"user:{author.id}", payload, client_id=client_id, epoch=epoch)
    try:
        with transaction.atomic():
            stored = append_event(conversation_id=conversation_id, event=event)
            if not stored.repeat:
                _check_owner(conversation_id, author)
    except AppendRefused as because:
        raise _kept(because, conversation_id, author, DraftMode.REPLY, text) from because
    _drop_draft(conversation_id, author, DraftMode.REPLY)
    return stored


def add_note(
    *, conversation_id: uuid.UUID, author: User, text: str, client_id: str | None, epoch: int | None = None
) -> StoredEvent:
    """Append a note, which only colleagues see; any of them may write one. With an `epoch` it is bound to it.

    Raises ReplyRefused; then the text is kept as a draft.
    """
    payload = {"text": text, "agent_name": author.get_short_name()}
    event = NewEvent("note.added", f"user:{author.id}", payload, client_id=client_id, epoch=epoch)
    try:
        stored = append_event(conversation_id=conversation_id, event=event)
    except AppendRefused as because:
        raise _kept(because, conversation_id, author, DraftMode.NOTE, text) from because
    _drop_draft(conversation_id, author, DraftMode.NOTE)
    return stored


def save_draft(*, conversation_id: uuid.UUID, user: User, mode: DraftMode, text: str) -> Draft | None:
    """Keep what a person has typed; None when that is nothing: then an older draft goes too."""
    if text.strip():
        return keep_draft(conversation_id=conversation_id, user=user, mode=mode, text=text)
    _drop_draft(conversation_id, user, mode)
    return None


def keep_draft(*, conversation_id: uuid.UUID, user: User, mode: DraftMode, text: str, because: str = "") -> Draft:
    draft, _ = Draft.objects.update_or_create(
        {"text": text, "refused_because": because[:200]},
        conversation_id=conversation_id,
        user=user,
        mode=mode.value,
    )
    return draft


def _check_owner(conversation_id: uuid.UUID, author: User) -> None:
    """Knowing the epoch is not having the conversation. The append before holds the row, so this read stands.

    Raises StaleEpoch, which undoes the append.
    """
    row = Conversation.objects.only("owner_kind", "owner_id", "owner_since", "epoch").get(pk=conversation_id)
    if (row.owner_kind, row.owner_id) != (OwnerKind.HUMAN, str(author.id)):
        raise StaleEpoch(owner_kind=row.owner_kind, owner_id=row.owner_id, since=row.owner_since, epoch=row.epoch)


def _kept(because: AppendRefused, conversation_id: uuid.UUID, author: User, mode: DraftMode, text: str) -> ReplyRefused:
    draft = keep_draft(conversation_id=conversation_id, user=author, mode=mode, text=text, because=str(because))
    return ReplyRefused(because, draft)


def _drop_draft(conversation_id: uuid.UUID, user: User, mode: DraftMode) -> None:
    Draft.objects.filter(conversation_id=conversation_id, user=user, mode=mode.value).delete()
