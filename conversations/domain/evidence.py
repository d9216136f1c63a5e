"""What a handoff keeps of why it came about, as people may read it.

The evidence is one signal as JSON, `{"trigger", "score", "threshold", "evidence": {"words", "sentence", "sequences"},
"text"}`, and under `signals` every signal that fired, each with the `sequence` of the message it is about. An older
handoff, or one that nothing set off, has less of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """sentences: why, one for each trigger that fired, the one that acted first; counted: where in the timeline the
    messages stand that it rests on."""

    sentences: tuple[str, ...] = ()
    counted: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        return self.sentences[0] if self.sentences else ""


def explain_evidence(evidence: Mapping[str, Any], *, masked: bool) -> Explanation:
    """The explanation a handoff's evidence holds. masked: without the sentences, which quote the customer."""
    signals = list(_signals(evidence))
    found = [str(signal["evidence"].get("sentence", "")) for signal in signals]
    sentences = () if masked else tuple(dict.fromkeys(sentence for sentence in found if sentence))
    return Explanation(sentences, tuple(sorted({place for signal in signals for place in _counted(signal)})))


def _signals(evidence: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The signal that acted, then the others that fired; each has its own evidence."""
    fired = [one for one in evidence.get("signals") or () if isinstance(one.get("evidence"), Mapping)]
    if isinstance(evidence.get("evidence"), Mapping):
        yield evidence
        acted = [one for one in fired if one.get("trigger") == evidence.get("trigger")]
        yield from (one for one in acted if one.get("topic", "") == evidence.get("topic", ""))
        fired = [one for one in fired if one not in acted]
    yield from fired


def _counted(signal: Mapping[str, Any]) -> Iterator[int]:
    yield from signal["evidence"].get("sequences") or ()
    if signal.get("sequence"):
        yield signal["sequence"]
