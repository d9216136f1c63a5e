"""The words and rules of one language, built from tables of plain text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handoffs.domain.triggers.grammar import Labels, Rule, Rulebook, parse
from handoffs.domain.triggers.spelling import correct, index_misspellings

NO_RULES = Rulebook(())

Row = tuple[str, float, str]  # name, score, pattern


@dataclass(frozen=True, slots=True)
class Language:
    """The words and rules of one language.

    `classes` name sets of folded words; `expansions` rewrite one word as several ("don't" → "do not"); a clause is
    looked at only if it holds a word of a class in `anchors`; `exemptions` undo a veto they overlap.
    """

    code: str
    classes: Mapping[str, Labels]
    anchors: Labels
    rules: Rulebook
    vetoes: Rulebook = NO_RULES
    exemptions: Rulebook = NO_RULES
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forgiven: Labels = frozenset()
    labels: Mapping[str, Labels] = field(init=False, repr=False)
    misspelt: Mapping[str, str] = field(init=False, repr=False)
    initials: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", label_words(self.classes, self.forgiven))
        object.__setattr__(self, "misspelt", index_misspellings(self.forgiven))
        object.__setattr__(self, "initials", frozenset(word[0] for word in self.forgiven))

    def label(self, word: str) -> Labels:
        """The word itself and its classes; a long word one mistake away from a forgiven one counts as that one."""
        known = self.labels.get(word)
        if known is not None:
            return known
        if self.initials.isdisjoint(word[:2]):  # a mistake there is a swap of the two at most
            return frozenset((word,))
        meant = correct(word, self.misspelt)
        return self.labels[meant] if meant else frozenset((word,))


def label_words(classes: Mapping[str, Labels], others: Iterable[str]) -> dict[str, Labels]:
    """Every word the tables mention, with the classes it is in."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, members in classes.items():
        for word in members:
            names[word].add(name)
    return {word: frozenset({word, *names[word]}) for word in {*names, *others}}


def build_language(
    *,
    code: str,
    classes: Mapping[str, str],
    anchors: str,
    rules: Sequence[Row],
    certain: Sequence[Row] = (),
    vetoes: Sequence[Row] = (),
    exemptions: Sequence[Row] = (),
    expansions: Mapping[str, str] | None = None,
    forgiven: str = "",
) -> Language:
    """A language from its tables: classes as words between spaces, rules as rows of name, score and pattern.

    `certain` rules cannot be vetoed. Raises `BadPattern` when a table is written wrongly.
    """
    words = {name: frozenset(text.split()) for name, text in classes.items()}
    return Language(
        code=code,
        classes=words,
        anchors=frozenset(anchors.split()),
        rules=Rulebook((*build_rules(rules, words), *build_rules(certain, words, can_be_vetoed=False))),
        vetoes=Rulebook(build_rules(vetoes, words)),
        exemptions=Rulebook(build_rules(exemptions, words)),
        expansions={word: tuple(text.split()) for word, text in (expansions or {}).items()},
        forgiven=frozenset(forgiven.split()),
    )


def build_rules(rows: Sequence[Row], classes: Mapping[str, Labels], *, can_be_vetoed: bool = True) -> tuple[Rule, ...]:
    """The rows of a table as rules."""
    return tuple(Rule(name, score, parse(source, classes), can_be_vetoed) for name, score, source in rows)
