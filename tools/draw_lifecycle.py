"""Writes docs/lifecycle.md from the life-cycle table: `python tools/draw_lifecycle.py`.

The page is generated so that it cannot disagree with the code; a test fails when it was not generated again.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handoffs.domain.lifecycle import CAUSES, FINAL, INITIAL, PUBLISHED, TRANSITIONS, Cause, State  # noqa: E402

PAGE = ROOT / "docs" / "lifecycle.md"

HEAD = """# The life cycle of a handoff

Generated from `handoffs/domain/lifecycle.py` by `python tools/draw_lifecycle.py`; do not edit.

One handoff is one episode of moving a conversation to a human. A signal is a fact that has happened; what does not
stand here is refused. `accepted` is always passed: where a desk has no signal for it, its first sign of life counts.
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


def render() -> str:
    """The page, ending in a newline."""
    parts = [HEAD, diagram(), "", "## States\n", states_table(), "", "## Arrows\n", transitions_table(), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
