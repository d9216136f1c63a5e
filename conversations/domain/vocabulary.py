"""The product's closed sets of words, shared by models, services and interfaces."""

from enum import StrEnum


class Environment(StrEnum):
    """`sandbox` reads the working copy, `live` the current release; nothing ever mixes the two."""

    SANDBOX = "sandbox"
    LIVE = "live"

    @property
    def other(self) -> "Environment":
        """Where a copy goes."""
        return Environment.LIVE if self is Environment.SANDBOX else Environment.SANDBOX


class Channel(StrEnum):
    """Where the customer is."""

    WEB_CHAT = "web_chat"
    CHAT_API = "chat_api"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    PHONE = "phone"


class OwnerKind(StrEnum):
    """Who has the conversation now; the customer's own app counts as a desk."""

    AI = "ai"
    QUEUE = "queue"
    HUMAN = "human"
    DESK = "desk"
    NONE = "none"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    REVIEWER = "reviewer"
    DEVELOPER = "developer"


class Verdict(StrEnum):
    """A reviewer's judgement of one handoff."""

    NEEDED = "needed"
    ESCALATED_UNNECESSARILY = "escalated_unnecessarily"
    TOO_LATE = "too_late"
    WRONG_DESK = "wrong_desk"
    WRONG_TOPIC = "wrong_topic"


class TurnMark(StrEnum):
    """A reviewer's mark on one turn."""

    SHOULD_HAVE_HANDED_OFF = "should_have_handed_off"


class EndReason(StrEnum):
    """Why a session ended, as the Messaging API publishes it."""

    USER_END = "REASON_USER_END"
    USER_ABANDONED = "REASON_USER_ABANDONED"
    NATURAL_END = "REASON_NATURAL_END"


class DeadlineKind(StrEnum):
    WAIT_LIMIT = "wait_limit"
    OFFER = "offer"
    ACCEPT = "accept"
    WRAP_UP = "wrap_up"
    IDLE = "idle"
    SNOOZE = "snooze"
    RETRY = "retry"


class DraftMode(StrEnum):
    REPLY = "reply"
    NOTE = "note"
