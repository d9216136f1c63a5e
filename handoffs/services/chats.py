"""Chats of the Chat API where they touch configuration and handoffs: may one be opened, and what closing one means."""

from datetime import datetime

import cattrs
from django.db import transaction

from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Project
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import end_session
from handoffs.domain.lifecycle import Signal, State
from handoffs.services.releases import read_current_config
from handoffs.services.signals import apply_signal


class NothingPublished(Exception):
    """The live environment has no release yet: publish one."""

    def __init__(self) -> None:
        super().__init__("Nothing has been published in this environment yet. Publish a release, then open a chat")


class UnreadableConfiguration(Exception):
    """The configuration a chat would be answered by cannot be read: correct the working copy."""

    def __init__(self) -> None:
        super().__init__("The configuration cannot be read. Correct it in the console, then open a chat")


def check_answerable(*, project: Project, environment: str) -> None:
    """Refuse a chat nobody has configured an answer for. Raises NothingPublished, UnreadableConfiguration."""
    try:
        current = read_current_config(project=project, environment=environment)
    except cattrs.BaseValidationError as error:
        raise UnreadableConfiguration from error
    if not current.snapshot_hash:
        raise NothingPublished


def close_chat(*, chat: Conversation, at: datetime) -> None:
    """End a chat, or leave one that has ended as it is. After a handoff the client has done its part: a human took
    over where the client led the customer."""
    with transaction.atomic():
        conversation = lock_conversation(chat.pk)
        if conversation.handoff_id is None or conversation.handoff_state != State.CLIENT_REQUIRED:
            end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=at)
        else:
            apply_signal(handoff_id=conversation.handoff_id, epoch=None, signal=Signal.CLIENT_COMPLETED, at=at)
