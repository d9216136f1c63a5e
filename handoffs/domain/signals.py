"""What a reported signal says beside the state it leads to: why, whether it is news, and who it is that joins."""

from handoffs.domain.lifecycle import OPEN, TRANSITIONS, Cause, Signal, State, advance

# What a signal to a final state is explained by when whoever reports it says nothing more exact.
USUAL_CAUSE: dict[Signal, Cause] = {
    Signal.CLOSED: Cause.CLOSED_BY_AGENT,
    Signal.HUMAN_LEFT: Cause.DESK_ENDED,
    Signal.TRANSFERRED: Cause.TRANSFERRED_BY_AGENT,
    Signal.HANDED_BACK: Cause.AGENT_HANDBACK,
    Signal.TAKEN_BACK: Cause.AI_TAKEBACK,
    Signal.CUSTOMER_CANCELLED: Cause.CUSTOMER_CANCELLED,
    Signal.CUSTOMER_ENDED: Cause.CUSTOMER_ENDED,
    Signal.CUSTOMER_LEFT: Cause.CUSTOMER_IDLE,
    Signal.DESK_UNAVAILABLE: Cause.DESK_REFUSED,
    Signal.DESK_FAILED: Cause.DESK_ERROR,
    Signal.WAIT_EXPIRED: Cause.WAIT_LIMIT,
    Signal.CLIENT_COMPLETED: Cause.CLIENT_REPORTED,
    Signal.CLIENT_FAILED: Cause.CLIENT_FAILED,
    Signal.VOICE_ANSWERED: Cause.ANSWERED,
    Signal.VOICE_DONE: Cause.CALL_RELEASED,
    Signal.VOICE_UNCONFIRMED: Cause.HANDED_OFF_UNCONFIRMED,
    Signal.VOICE_FAILED: Cause.CALL_FAILED,
    Signal.VOICE_UNKNOWN: Cause.UNKNOWN_AFTER_ACCEPT,
}
# Where nobody has answered yet, a wait that is over says who was silent.
SILENCE: dict[State, Cause] = {
    State.REQUESTED: Cause.DESK_SILENT,
    State.CLIENT_REQUIRED: Cause.CLIENT_SILENT,
    State.TRANSFERRING: Cause.NO_ANSWER,
}


def cause_of(state: State, signal: Signal) -> Cause | None:
    """What explains the final state a signal leads to from here; None when that state is open. Raises `NotAllowed`."""
    if advance(state, signal) in OPEN:
        return None
    return SILENCE.get(state, USUAL_CAUSE[signal]) if signal is Signal.WAIT_EXPIRED else USUAL_CAUSE[signal]


def is_repeat(state: State, signal: Signal) -> bool:
    """Whether this signal means nothing here because it, or its like, has led here already: desks and customers'
    apps report at least once."""
    heard = state in {new for (_, known), new in TRANSITIONS.items() if known is signal}
    return heard and (state, signal) not in TRANSITIONS


def join_signal(state: State) -> Signal:
    """What a human who takes it does to a handoff in this state: between two tries nobody has been asked yet."""
    return Signal.TAKEN_OVER if state is State.INITIATED else Signal.HUMAN_JOINED
