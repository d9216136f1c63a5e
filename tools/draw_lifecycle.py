"""Writes docs/lifecycle.md from the life-cycle tables: `python tools/draw_lifecycle.py`.

The page is generated so that it cannot disagree with the code; a test fails when it was not generated again.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from conversations.domain.vocabulary import DeadlineKind  # noqa: E402
from handoffs.domain.lifecycle import CAUSES, FINAL, INITIAL, PUBLISHED, TRANSITIONS, Cause, State  # noqa: E402
from handoffs.domain.settings import AfterTimeout  # noqa: E402
from handoffs.domain.signals import USUAL_CAUSE  # noqa: E402

PAGE = ROOT / "docs" / "lifecycle.md"

HEAD = """# The life cycle of a handoff

Generated from `handoffs/domain/lifecycle.py` by `python tools/draw_lifecycle.py`; do not edit.

One handoff is one episode of moving a conversation to a human. A signal is a fact that has happened; what does not
stand here is refused. `accepted` is always passed: where a desk has no signal for it, its first sign of life counts.
"""


DEADLINES: dict[DeadlineKind, tuple[str, str]] = {
    DeadlineKind.WAIT_LIMIT: (
        "the destination's wait limit, or the moment its hours end, whichever comes first",
        "`timed_out`, or `failed` with the cause `out_of_hours`; then what the policy says",
    ),
    DeadlineKind.ACCEPT: (
        "the wait limit, at another desk or at the customer's own app",
        "`timed_out` with the cause `desk_silent` or `client_silent`; then what the policy says",
    ),
    DeadlineKind.RETRY: (
        "the pause before another try; at once for everything else a chain goes on to",
        "the next episode, which waits in `initiated`, is taken up",
    ),
    DeadlineKind.OFFER: ("the queue's time to take an offer", "the offer ends, the next person is asked"),
    DeadlineKind.WRAP_UP: ("the queue's time after a conversation", "its agent's capacity is free"),
    DeadlineKind.SNOOZE: ("when the agent chose", "the conversation is back with its agent"),
    DeadlineKind.IDLE: ("ten minutes of silence", "a warning, then the session ends; never while a person is asked"),
}
FOLLOW_UPS: dict[AfterTimeout, tuple[str, str]] = {
    AfterTimeout.RETRY: (
        "the same destination is asked again after its pause, as often as it says; then as `fallback`",
        "`SYSTEM_MESSAGE`, `HANDOFF_QUEUE_STATUS`",
    ),
    AfterTimeout.FALLBACK: (
        "the first destination of its fallbacks that takes people now and has not been asked in this chain; without "
        "one as `message`",
        "`SYSTEM_MESSAGE` with its name, `HANDOFF_QUEUE_STATUS`",
    ),
    AfterTimeout.AI: (
        "the AI has the conversation again and says so, or when people are back; what another system brought over the "
        "Handoff API is that system's again, and nothing is said",
        "`HANDOFF_FAILED` or `HANDOFF_TIMEOUT`, `POLY_AGENT_JOINED`, `POLY_AGENT_MESSAGE`",
    ),
    AfterTimeout.MESSAGE: (
        "a ticket waits in the queue without limit",
        "`HANDOFF_FAILED` or `HANDOFF_TIMEOUT`, `SYSTEM_MESSAGE`",
    ),
    AfterTimeout.END: (
        "the alternative contacts are named and the session ends",
        "`HANDOFF_FAILED` or `HANDOFF_TIMEOUT`, `SYSTEM_MESSAGE`, `SESSION_END`",
    ),
}
FOLLOW_UP_HEAD = """A handoff that failed or timed out is followed by what its destination says, else the settings.
A desk that closed does what its hours say of those who still wait. The next episode begins in the same transaction, so
that a conversation has an owner at any instant. A chain has one `POLY_AGENT_TRIGGERED_HANDOFF`, and a failure or a
time-out is told only when nothing is left to try.
"""
ABSENCE = """Whoever is away, without a sign of life for 15 minutes, keeps nobody waiting: within a second their handoff
is `transferred` with the cause `transferred_by_desk`, staff read `handoff.released`, and the next episode asks the same
destination again, in the place that the customer's first wait gives it. The customer's client sees
`HANDOFF_QUEUE_STATUS`, and no leaving. Where that destination takes nobody now, its policy follows as above.
"""
DEADLINE_HEAD = """Rows with an instant, fired by the `clock` worker: late if it must be, never twice, never not at all.
Waits (`wait_limit`, `accept`) are fired first, in sets of up to 500; everything else one by one. What follows a wait
(`retry`) is taken up by the `tend` worker, within a tenth of a second: it takes as long as asking anew does, and no
deadline may be late for it. One that fails is logged and tried again after 1, 2, 5, 15, then every 60 seconds; it stops
no other.
"""
ORDERS = """| what | what the customer's client sees, in order |
|---|---|
| our inbox | `POLY_AGENT_MESSAGE` `POLY_AGENT_TRIGGERED_HANDOFF` `POLY_AGENT_LEFT` `HANDOFF_ACCEPTED` \
`HANDOFF_QUEUE_STATUS`… `LIVE_AGENT_JOINED` … `LIVE_AGENT_LEFT` `SESSION_END` |
| another desk | the same; `HANDOFF_ACCEPTED` when it has answered, the queue status if it has one |
| the customer's own app | `POLY_AGENT_MESSAGE` `POLY_AGENT_TRIGGERED_HANDOFF` `CLIENT_HANDOFF_REQUIRED` \
`POLY_AGENT_LEFT`; `SESSION_END` once the app reports that it has taken over |
| soft | nothing until a human joins, then `POLY_AGENT_MESSAGE` `POLY_AGENT_TRIGGERED_HANDOFF` `POLY_AGENT_LEFT` \
`LIVE_AGENT_JOINED` |
| nobody can be asked | `POLY_AGENT_MESSAGE` `POLY_AGENT_TRIGGERED_HANDOFF` `POLY_AGENT_LEFT`, then what the \
policy says |
"""
OUTSIDE = """Other systems' desks and the customer's own app report through one door,
`handoffs.services.signals.apply_signal(handoff_id, epoch, signal)`. It refuses a report under an older ownership epoch
and one that means nothing in this state; a report that comes again changes nothing. The app is asked by
`CLIENT_HANDOFF_REQUIRED`: for a destination whose desk is the customer's app, for a session opened with
`metadata.custom.handoff = "client"`, and for every conversation of the Chat API and every call.
Its reason is `POLICY` for a forbidden topic, `COMPLEX_QUERY` for frustration, an unproductive conversation or an AI
that cannot answer, else `AGENT_DECISION`.
"""


def arrows() -> list[str]:
    """One Mermaid line for each pair of states, its signals joined in the order of the table."""
    labels: dict[tuple[State, State], list[str]] = {}
    for (old, signal), new in TRANSITIONS.items():
        labels.setdefault((old, new), []).append(signal.value)
    return [f"    {old} --> {new}: {', '.join(signals)}" for (old, new), signals in labels.items()]


def diagram() -> str:
    """The whole table as a Mermaid state diagram."""
    ends = [f"    {state} --> [*]" for state in State if state in FINAL]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {INITIAL}", *arrows(), *ends, "```"]
    return "\n".join(lines)


def transitions_table() -> str:
    """The same arrows for readers without a picture."""
    rows = [f"| `{old}` | `{signal}` | `{new}` |" for (old, signal), new in TRANSITIONS.items()]
    return "\n".join(["| in | on | becomes |", "|---|---|---|", *rows])


def states_table() -> str:
    """Each state with the word the published interface uses and the causes it may carry."""
    rows = [f"| `{state}` | `{PUBLISHED[state]}` | {causes_of(state)} |" for state in State]
    return "\n".join(["| state | published as | causes |", "|---|---|---|", *rows])


def causes_of(state: State) -> str:
    """The causes of a final state in order of their definition; "none" for an open one."""
    return ", ".join(f"`{cause}`" for cause in Cause if cause in CAUSES.get(state, ())) or "none"


def deadlines_table() -> str:
    """Every kind of deadline."""
    rows = [f"| `{kind}` | {DEADLINES[kind][0]} | {DEADLINES[kind][1]} |" for kind in DeadlineKind]
    return "\n".join(["| kind | due at | what happens then |", "|---|---|---|", *rows])


def follow_ups_table() -> str:
    """Every policy."""
    rows = [f"| `{step}` | {FOLLOW_UPS[step][0]} | {FOLLOW_UPS[step][1]} |" for step in AfterTimeout]
    return "\n".join(["| policy | what happens | what the customer's client sees |", "|---|---|---|", *rows])


def causes_table() -> str:
    """What explains an end when whoever reports it says nothing more exact."""
    rows = [f"| `{signal}` | `{cause}` |" for signal, cause in USUAL_CAUSE.items()]
    return "\n".join(["| signal | its usual cause |", "|---|---|", *rows])


def render() -> str:
    """The page, ending in a newline."""
    parts = [HEAD, diagram(), "", "## States\n", states_table(), "", "## Arrows\n", transitions_table(), ""]
    parts += ["## What the customer's client sees\n", ORDERS]
    parts += ["## Reports from outside\n", OUTSIDE, causes_table(), ""]
    parts += ["## What follows when nobody came\n", FOLLOW_UP_HEAD, follow_ups_table(), ""]
    parts += ["## When the agent is gone\n", ABSENCE]
    parts += ["## Deadlines\n", DEADLINE_HEAD, deadlines_table(), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
