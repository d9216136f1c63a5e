"""The handoff settings: what fires, what is asked first, what the customer is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

DEFAULT_WAIT_LIMIT_SECONDS = 300


class Level(IntEnum):
    """The preset levels of the handoff settings."""

    AI_ONLY = 0
    QUICK = 1
    BALANCED = 2
    AI_FIRST = 3


class FieldKind(StrEnum):
    """The type of a collected field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class CollectedField:
    """Data asked for before a transfer. choices: of the kind `choice` only."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()


class ContactKind(StrEnum):
    """An alternative contact's kind; `form` and `link` hold a URL."""

    PHONE = "phone"
    LINK = "link"
    EMAIL = "email"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class AlternativeContact:
    """Where a customer may turn after a time-out, a failure or a closed desk."""

    kind: ContactKind
    label: str
    value: str


class Sensitivity(StrEnum):
    """How readily a trigger fires."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class AfterTimeout(StrEnum):
    """What follows when nobody came within the wait limit, or the desk failed."""

    MESSAGE = "message"  # leave a message: a ticket with contact data
    FALLBACK = "fallback"  # the fallback destination, then a message
    AI = "ai"  # the AI takes the conversation back
    RETRY = "retry"  # the same destination again after a pause, so many times, then the fallback or a message
    END = "end"  # say so and end the session


# What own thresholds can be set for.
MEASURED = ("explicit_request", "frustration", "unproductive")


@dataclass(frozen=True, slots=True)
class SettingsConfig:
    """The handoff settings: master switch, toggles, sensitivities, what is collected, what the customer is told.

    level: the preset the toggles started from; decisions read the toggles. tries_before_transfer: how often the AI
    tries to help before a request is followed; channel_weights: how much of an agent's capacity a conversation of a
    channel takes, 1 where nothing is said; thresholds: by trigger (one of MEASURED), from 0 to 1, in place of what its
    sensitivity means; offer_when_inferred: what no customer asked for and no AI decided is offered, not done; judge:
    the key of the connection asked about scores that are unsure, empty for none.
    """

    is_on: bool = True
    level: Level = Level.QUICK
    on_explicit_request: bool = True
    on_frustration: bool = True
    on_unproductive: bool = True
    on_ai_decision: bool = True
    explicit_sensitivity: Sensitivity = Sensitivity.NORMAL
    frustration_sensitivity: Sensitivity = Sensitivity.HIGH
    unproductive_sensitivity: Sensitivity = Sensitivity.HIGH
    forbidden_sensitivity: Sensitivity = Sensitivity.NORMAL
    thresholds: Mapping[str, float] = field(default_factory=dict, hash=False)
    offer_when_inferred: bool = True
    uses_embeddings: bool = False
    judge: str = ""
    collect_first: bool = False
    require_problem_statement: bool = False
    confirm_before_transfer: bool = False
    tries_before_transfer: int = 0
    collected_fields: tuple[CollectedField, ...] = ()
    default_wait_limit_seconds: int = DEFAULT_WAIT_LIMIT_SECONDS
    after_timeout: AfterTimeout = AfterTimeout.MESSAGE
    offer_try_again: bool = True
    alternative_contacts: tuple[AlternativeContact, ...] = ()
    channel_weights: Mapping[str, int] = field(default_factory=dict, hash=False)
    voice_fallback_number: str = ""
    request_utterance: str = "Of course. I'm passing you to the team with everything you've told me."
    decline_text: str = "I can't pass you to a person here, but I'm glad to help with your question."
    unavailable_utterance: str = "I can't answer right now, so I'm passing you to a person."
    closed_text: str = "Our team is not there right now. People are back {opening}. I'm glad to help until then."
    message_text: str = (
        "Nobody could take this just now. Write your message here with your e-mail address or phone number. "
        "It is kept with this conversation and the team answers it."
    )
    unanswered_text: str = "Nobody could take this just now. I'm glad to help until somebody can."
    retry_text: str = "Nobody could take this yet. We are trying again and you keep your place."
    passed_on_text: str = "You are now waiting for {destination}."
    ended_text: str = "Nobody can take this just now, so this conversation ends here."
    cannot_answer_text: str = "I can't answer that right now. Ask me again in a moment."
    offer_text: str = "I'm not getting this right. Shall I bring in a person from the team?"
    confirm_text: str = "Shall I pass you to a person now?"
    declined_offer_text: str = "All right, we go on here. Ask for a person whenever you like."
    problem_text: str = "I'll pass you on. What is it about, in a sentence or two?"
    try_text: str = "Let me try first, and I'll pass you on if this doesn't help."
    collect_text: str = "Before I pass you on, tell me: {field}."
    not_valid_text: str = "That doesn't look right. {hint}"
    forbidden_text: str = "I can't help with this here."
    message_thanks: str = "Thank you, your message is with the team. They answer to {contact}."
