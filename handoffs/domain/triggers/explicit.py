"""Whether a customer asks for a human: hand-written rules, vetoes for what only looks like asking, and a linear model
for what no rule knows.

A rule that stands decides. Otherwise the model is asked about the clauses that no veto has spoken about: it never saw a
negated request and would take one for a request.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handoffs.domain.triggers.grammar import Found, Labels, find_rules
from handoffs.domain.triggers.language import Language
from handoffs.domain.triggers.languages import LANGUAGES
from handoffs.domain.triggers.linear import LinearModel, Weighed, rescale
from handoffs.domain.triggers.models import load_model
from handoffs.domain.triggers.normalise import Word, read_clauses, visible
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

THRESHOLD = 0.80  # the same at every level: whoever asks is heard
VETOED_SCORE = 0.10
FOREIGN_SHARE = 0.5
REMEMBERED_LABELS = 8_192  # words times languages
BY_CODE = {language.code: language for language in LANGUAGES}

NOTHING = Evidence("", "", "Nothing here asks for a person")

SENTENCES: dict[str, str] = {
    "negated": "Does not want a person",
    "asks_whether_human": "Asks whether this is a person, not for one",
    "past": "Tells of an earlier request",
    "conditional": "Speaks of a person as a possibility",
    "whether_needed": "Asks whether a person is needed",
    "other_agent": "Means another kind of agent",
    "other_human": "Means something else by human",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one language makes of one clause: the strongest rule that stands, or the veto that undid it."""

    score: float
    found: Found
    words: tuple[Word, ...]

    def evidence(self, shown: str) -> Evidence:
        """The rule and the customer's own words, cut out of the visible text."""
        words = shown[self.words[self.found.start].start : self.words[self.found.end - 1].end]
        sentence = SENTENCES.get(self.found.name, "Asked for a person")
        return Evidence(self.found.name, words, f"{sentence}: “{words}”")


def detect_explicit_request(text: str, *, threshold: float = THRESHOLD, turn: int = 0) -> Signal:
    """Whether this customer message asks for a human, in any language we have rules for.

    Linear in the length of the text. The score is that of the strongest rule that no veto undoes; otherwise the
    model's, moved so that its own threshold stands at `THRESHOLD`.
    """
    shown = visible(text)
    best = max(read(shown), key=lambda reading: reading.score, default=None)
    if best and best.score > VETOED_SCORE:
        score, evidence = best.score, best.evidence(shown)
    else:
        score, evidence = read_unruled(shown, best)
    return Signal(Trigger.EXPLICIT_REQUEST, score, threshold, score >= threshold, evidence, turn)


def read_unruled(shown: str, vetoed: Reading | None) -> tuple[float, Evidence]:
    """What the model makes of a text in which no rule stands; never less than a veto's score where there is one."""
    model = load_model("explicit")
    score, weighed = judge_by_model(shown, model)
    if score > VETOED_SCORE:
        score, weighed = judge_by_model(without_vetoed(shown), model)
    if vetoed and score <= VETOED_SCORE:
        return VETOED_SCORE, vetoed.evidence(shown)
    return score, evidence_of(weighed) if score > VETOED_SCORE else NOTHING


def judge_by_model(text: str, model: LinearModel) -> tuple[float, Weighed]:
    """The model's answer on the scale of the rules; it ranks what is in another language, and decides nothing there."""
    weighed = model.weigh(text)
    score = rescale(weighed.probability, threshold=model.thresholds["normal"], to=THRESHOLD)
    return score * FOREIGN_SHARE if weighed.is_foreign else score, weighed


def evidence_of(weighed: Weighed) -> Evidence:
    """The words the model went by."""
    quoted = ", ".join(f"“{word}”" for word in weighed.words)
    return Evidence("model", " ".join(weighed.words), f"Sounds like asking for a person: {quoted}")


def without_vetoed(shown: str) -> str:
    """The clauses no veto of any language speaks about, as a text."""
    standing = (clause for clause in read_clauses(shown) if not any(is_vetoed(clause, one) for one in LANGUAGES))
    return ". ".join(shown[clause[0].start : clause[-1].end] for clause in standing)


def is_vetoed(clause: Sequence[Word], language: Language) -> bool:
    """Whether a veto of the language speaks about the clause, no rule being needed."""
    labels = [label_of(word.text, language.code) for word in expand(clause, language)]
    return bool(find_vetoes(labels, language))


def read(shown: str) -> Iterator[Reading]:
    """Every reading of every clause in every language."""
    for clause in read_clauses(shown):
        spoken = frozenset().union(*(languages_of(word.text) for word in clause))
        for language in LANGUAGES:
            reading = read_clause(clause, language) if language.code in spoken else None
            if reading:
                yield reading


def read_clause(clause: Sequence[Word], language: Language) -> Reading | None:
    """What the clause says in this language; none when no rule matches."""
    words = expand(clause, language)
    labels = [label_of(word.text, language.code) for word in words]
    matches = find_rules(language.rules, labels)
    return judge(matches, find_vetoes(labels, language), words) if matches else None


@lru_cache(maxsize=REMEMBERED_LABELS)
def languages_of(word: str) -> frozenset[str]:
    """The codes of the languages in which the word, or a part of it, is an anchor: in most words none."""
    return frozenset(
        language.code
        for language in LANGUAGES
        for part in parts_of(word, language)
        if not language.anchors.isdisjoint(label_of(part, language.code))
    )


@lru_cache(maxsize=REMEMBERED_LABELS)
def label_of(word: str, code: str) -> Labels:
    """The word's classes in the language of that code."""
    return BY_CODE[code].label(word)


def expand(clause: Sequence[Word], language: Language) -> tuple[Word, ...]:
    """The words with contractions and elisions taken apart; the parts keep the span of the whole."""
    return tuple(Word(part, word.start, word.end) for word in clause for part in parts_of(word.text, language))


def parts_of(word: str, language: Language) -> Sequence[str]:
    """The words a word stands for."""
    return language.expansions.get(word) or word.split("'")


def find_vetoes(labels: Sequence[Labels], language: Language) -> list[Found]:
    """The vetoes of the clause that no exemption undoes."""
    vetoes = find_rules(language.vetoes, labels)
    exempt = covered(find_rules(language.exemptions, labels)) if vetoes else set()
    return [veto for veto in vetoes if exempt.isdisjoint(veto.positions)]


def covered(found: Iterable[Found]) -> set[int]:
    """The word positions under any of these; one set keeps the comparison of many spans linear."""
    return {position for one in found for position in one.positions}


def judge(matches: Sequence[Found], vetoes: Sequence[Found], words: tuple[Word, ...]) -> Reading:
    """The strongest match that stands; otherwise the first veto that undid one."""
    undone = covered(vetoes)
    standing = [one for one in matches if not one.can_be_vetoed or undone.isdisjoint(one.positions)]
    if standing:
        best = max(standing, key=lambda found: found.score)
        return Reading(best.score, best, words)
    claimed = covered(matches)
    veto = next(veto for veto in vetoes if not claimed.isdisjoint(veto.positions))
    return Reading(VETOED_SCORE, veto, words)
