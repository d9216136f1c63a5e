"""The life cycle of a handoff: one table from (state, signal) to the next state.

A signal is a fact that has happened ("a human joined"), never a wish. Nothing here knows a clock, a database or a
desk: the service looks the next state up and writes it with an update filtered on the old one.
"""

from enum import StrEnum


class State(StrEnum):
    """Where one episode of moving a conversation to a human stands."""

    INITIATED = "initiated"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    QUEUED = "queued"
    ACTIVE = "active"
    CLIENT_REQUIRED = "client_required"
    TRANSFERRING = "transferring"
    COMPLETED = "completed"
    TRANSFERRED = "transferred"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    ABANDONED = "abandoned"
    RETURNED = "returned"


class Signal(StrEnum):
    """What can happen to a handoff; the comment says who reports it."""

    ASK_DESK = "ask_desk"  # the decision, or the policy when a retry is due
    REQUIRE_CLIENT = "require_client"  # the decision: the customer's own app has to do it
    VOICE_STARTED = "voice_started"  # the transfer executor or a voice platform
    TAKEN_OVER = "taken_over"  # a human took a conversation that was with the AI
    DESK_ACCEPTED = "desk_accepted"  # the desk
    ENTERED_QUEUE = "entered_queue"  # the desk
    HUMAN_JOINED = "human_joined"  # the desk: claimed, or an offer taken
    CLOSED = "closed"  # a human of the built-in inbox, with a disposition
    HUMAN_LEFT = "human_left"  # another desk: its human ended the conversation
    TRANSFERRED = "transferred"  # a human passed it on; the next episode is linked to this one
    HANDED_BACK = "handed_back"  # a human gave it back to the AI
    TAKEN_BACK = "taken_back"  # the AI, or its policy, took a waiting one back
    CUSTOMER_CANCELLED = "customer_cancelled"  # the customer stopped waiting and wants the AI
    CUSTOMER_ENDED = "customer_ended"  # the customer ended the conversation on purpose
    CUSTOMER_LEFT = "customer_left"  # the customer vanished, or hung up
    DESK_UNAVAILABLE = "desk_unavailable"  # no destination, closed, switched off, nobody ready
    DESK_FAILED = "desk_failed"  # the desk refused, answered with an error, or broke
    WAIT_EXPIRED = "wait_expired"  # a deadline fired
    CLIENT_COMPLETED = "client_completed"  # the customer's own app
    CLIENT_FAILED = "client_failed"  # the customer's own app
    VOICE_ANSWERED = "voice_answered"  # a human picked up
    VOICE_DONE = "voice_done"  # BYE: the call went back to where it came from
    VOICE_UNCONFIRMED = "voice_unconfirmed"  # the SBC hung up before a final NOTIFY
    VOICE_FAILED = "voice_failed"  # a final refusal
    VOICE_UNKNOWN = "voice_unknown"  # accepted, then silence: nobody else may be dialled


class Cause(StrEnum):
    """Why a handoff is over; `CAUSES` says which may stand with which final state."""

    CLOSED_BY_AGENT = "closed_by_agent"
    DESK_ENDED = "desk_ended"
    CUSTOMER_ENDED = "customer_ended"
    CLIENT_REPORTED = "client_reported"
    ANSWERED = "answered"
    CALL_RELEASED = "call_released"
    HANDED_OFF_UNCONFIRMED = "handed_off_unconfirmed"
    TRANSFERRED_BY_AGENT = "transferred_by_agent"
    TRANSFERRED_BY_SUPERVISOR = "transferred_by_supervisor"
    TRANSFERRED_BY_DESK = "transferred_by_desk"
    NO_DESTINATION = "no_destination"
    OUT_OF_HOURS = "out_of_hours"
    QUEUE_OFF = "queue_off"
    NOBODY_READY = "nobody_ready"
    LOOP_GUARD = "loop_guard"
    DESK_REFUSED = "desk_refused"
    DESK_ERROR = "desk_error"
    CLIENT_FAILED = "client_failed"
    CALL_FAILED = "call_failed"
    UNKNOWN_AFTER_ACCEPT = "unknown_after_accept"
    WAIT_LIMIT = "wait_limit"
    DESK_SILENT = "desk_silent"
    CLIENT_SILENT = "client_silent"
    NO_ANSWER = "no_answer"
    CUSTOMER_CANCELLED = "customer_cancelled"
    CUSTOMER_IDLE = "customer_idle"
    CALLER_HUNG_UP = "caller_hung_up"
    AGENT_HANDBACK = "agent_handback"
    AI_TAKEBACK = "ai_takeback"


INITIAL = State.INITIATED

TRANSITIONS: dict[tuple[State, Signal], State] = {
    (State.INITIATED, Signal.ASK_DESK): State.REQUESTED,
    (State.INITIATED, Signal.REQUIRE_CLIENT): State.CLIENT_REQUIRED,
    (State.INITIATED, Signal.VOICE_STARTED): State.TRANSFERRING,
    (State.INITIATED, Signal.TAKEN_OVER): State.ACTIVE,
    (State.INITIATED, Signal.DESK_UNAVAILABLE): State.FAILED,
    (State.INITIATED, Signal.CUSTOMER_CANCELLED): State.ABANDONED,
    (State.INITIATED, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.INITIATED, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.REQUESTED, Signal.DESK_ACCEPTED): State.ACCEPTED,
    (State.REQUESTED, Signal.DESK_UNAVAILABLE): State.FAILED,
    (State.REQUESTED, Signal.DESK_FAILED): State.FAILED,
    (State.REQUESTED, Signal.WAIT_EXPIRED): State.TIMED_OUT,
    (State.REQUESTED, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.REQUESTED, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.REQUESTED, Signal.CUSTOMER_CANCELLED): State.RETURNED,
    (State.REQUESTED, Signal.TAKEN_BACK): State.RETURNED,
    (State.ACCEPTED, Signal.ENTERED_QUEUE): State.QUEUED,
    (State.ACCEPTED, Signal.HUMAN_JOINED): State.ACTIVE,
    (State.ACCEPTED, Signal.DESK_UNAVAILABLE): State.FAILED,
    (State.ACCEPTED, Signal.DESK_FAILED): State.FAILED,
    (State.ACCEPTED, Signal.WAIT_EXPIRED): State.TIMED_OUT,
    (State.ACCEPTED, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.ACCEPTED, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.ACCEPTED, Signal.CUSTOMER_CANCELLED): State.RETURNED,
    (State.ACCEPTED, Signal.TAKEN_BACK): State.RETURNED,
    (State.QUEUED, Signal.HUMAN_JOINED): State.ACTIVE,
    (State.QUEUED, Signal.DESK_UNAVAILABLE): State.FAILED,
    (State.QUEUED, Signal.DESK_FAILED): State.FAILED,
    (State.QUEUED, Signal.WAIT_EXPIRED): State.TIMED_OUT,
    (State.QUEUED, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.QUEUED, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.QUEUED, Signal.CUSTOMER_CANCELLED): State.RETURNED,
    (State.QUEUED, Signal.TAKEN_BACK): State.RETURNED,
    (State.ACTIVE, Signal.CLOSED): State.COMPLETED,
    (State.ACTIVE, Signal.HUMAN_LEFT): State.COMPLETED,
    (State.ACTIVE, Signal.CUSTOMER_ENDED): State.COMPLETED,  # a human was there: the published meaning of completed
    (State.ACTIVE, Signal.TRANSFERRED): State.TRANSFERRED,
    (State.ACTIVE, Signal.HANDED_BACK): State.RETURNED,
    (State.ACTIVE, Signal.DESK_FAILED): State.FAILED,
    (State.ACTIVE, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.CLIENT_REQUIRED, Signal.CLIENT_COMPLETED): State.COMPLETED,
    (State.CLIENT_REQUIRED, Signal.CLIENT_FAILED): State.FAILED,
    (State.CLIENT_REQUIRED, Signal.WAIT_EXPIRED): State.TIMED_OUT,
    (State.CLIENT_REQUIRED, Signal.CUSTOMER_CANCELLED): State.ABANDONED,
    (State.CLIENT_REQUIRED, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.CLIENT_REQUIRED, Signal.CUSTOMER_LEFT): State.ABANDONED,
    (State.TRANSFERRING, Signal.VOICE_ANSWERED): State.COMPLETED,
    (State.TRANSFERRING, Signal.VOICE_DONE): State.COMPLETED,
    (State.TRANSFERRING, Signal.VOICE_UNCONFIRMED): State.COMPLETED,
    (State.TRANSFERRING, Signal.VOICE_FAILED): State.FAILED,
    (State.TRANSFERRING, Signal.VOICE_UNKNOWN): State.FAILED,
    (State.TRANSFERRING, Signal.WAIT_EXPIRED): State.TIMED_OUT,
    (State.TRANSFERRING, Signal.CUSTOMER_ENDED): State.ABANDONED,
    (State.TRANSFERRING, Signal.CUSTOMER_LEFT): State.ABANDONED,
}

OPEN: frozenset[State] = frozenset(state for state, _ in TRANSITIONS)
FINAL: frozenset[State] = frozenset(State) - OPEN
WAITING: frozenset[State] = frozenset({State.REQUESTED, State.ACCEPTED, State.QUEUED})

# The built-in inbox is never asked over a wire: it takes every handoff at once, in one transaction.
INBOX_ENTRY: tuple[Signal, ...] = (Signal.ASK_DESK, Signal.DESK_ACCEPTED, Signal.ENTERED_QUEUE)

CAUSES: dict[State, frozenset[Cause]] = {
    State.COMPLETED: frozenset(
        {
            Cause.CLOSED_BY_AGENT,
            Cause.DESK_ENDED,
            Cause.CUSTOMER_ENDED,
            Cause.CLIENT_REPORTED,
            Cause.ANSWERED,
            Cause.CALL_RELEASED,
            Cause.HANDED_OFF_UNCONFIRMED,
        }
    ),
    State.TRANSFERRED: frozenset(
        {Cause.TRANSFERRED_BY_AGENT, Cause.TRANSFERRED_BY_SUPERVISOR, Cause.TRANSFERRED_BY_DESK}
    ),
    State.FAILED: frozenset(
        {
            Cause.NO_DESTINATION,
            Cause.OUT_OF_HOURS,
            Cause.QUEUE_OFF,
            Cause.NOBODY_READY,
            Cause.LOOP_GUARD,
            Cause.DESK_REFUSED,
            Cause.DESK_ERROR,
            Cause.CLIENT_FAILED,
            Cause.CALL_FAILED,
            Cause.UNKNOWN_AFTER_ACCEPT,
        }
    ),
    State.TIMED_OUT: frozenset({Cause.WAIT_LIMIT, Cause.DESK_SILENT, Cause.CLIENT_SILENT, Cause.NO_ANSWER}),
    State.ABANDONED: frozenset(
        {Cause.CUSTOMER_ENDED, Cause.CUSTOMER_IDLE, Cause.CUSTOMER_CANCELLED, Cause.CALLER_HUNG_UP}
    ),
    State.RETURNED: frozenset({Cause.AGENT_HANDBACK, Cause.AI_TAKEBACK, Cause.CUSTOMER_CANCELLED}),
}

PUBLISHED: dict[State, str] = {
    State.INITIATED: "handoff_initiated",
    State.REQUESTED: "handoff_initiated",
    State.ACCEPTED: "handoff_initiated",
    State.QUEUED: "handoff_initiated",
    State.CLIENT_REQUIRED: "handoff_initiated",
    State.TRANSFERRING: "handoff_initiated",
    State.ACTIVE: "handoff_completed",
    State.COMPLETED: "handoff_completed",
    State.TRANSFERRED: "handoff_completed",
    State.RETURNED: "handoff_completed",
    State.FAILED: "handoff_failed",
    State.TIMED_OUT: "handoff_failed",
    State.ABANDONED: "handoff_failed",
}


class NotAllowed(Exception):
    """This signal means nothing in this state; `allowed` names the signals that would."""

    def __init__(self, state: State, signal: Signal) -> None:
        self.state = state
        self.signal = signal
        self.allowed = allowed_signals(state)
        choices = ", ".join(self.allowed) or "nothing, it is final"
        super().__init__(f"{signal} is not allowed in {state}; allowed: {choices}")


class WrongCause(Exception):
    """This cause cannot explain this state; `allowed` names the causes that can, in order of their definition."""

    def __init__(self, state: State, cause: Cause) -> None:
        self.state = state
        self.cause = cause
        self.allowed = tuple(one for one in Cause if one in CAUSES.get(state, frozenset()))
        choices = ", ".join(self.allowed) or "none, it is not final"
        super().__init__(f"{cause} does not explain {state}; allowed: {choices}")


def allowed_signals(state: State) -> tuple[Signal, ...]:
    """The signals that move a handoff on from this state, in order of their definition; empty when it is final."""
    return tuple(signal for signal in Signal if (state, signal) in TRANSITIONS)


def advance(state: State, signal: Signal) -> State:
    """The state after this signal. Raises `NotAllowed`, also for every signal to a final state."""
    try:
        return TRANSITIONS[state, signal]
    except KeyError:
        raise NotAllowed(state, signal) from None


def steps(state: State, signal: Signal) -> tuple[Signal, ...]:
    """The signals to apply, in order, so that `accepted` is always passed.

    A desk may have no signal of its own for "taken": its first sign of life then stands for that as well. Otherwise
    the answer is the signal alone. Raises `NotAllowed` when the signal fits neither way.
    """
    if (state, signal) not in TRANSITIONS and (State.ACCEPTED, signal) in TRANSITIONS and state is State.REQUESTED:
        return (Signal.DESK_ACCEPTED, signal)
    advance(state, signal)
    return (signal,)


def check_cause(state: State, cause: Cause) -> Cause:
    """The cause itself when it can explain this final state. Raises `WrongCause`."""
    if cause not in CAUSES.get(state, frozenset()):
        raise WrongCause(state, cause)
    return cause
