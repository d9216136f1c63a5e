"""Phrases of several languages in one index: what a message says in passing, found in one walk over its words.

A table of a language names word classes and rows of kind, weight and pattern, in the language of `grammar`. All
languages are searched at once, since a message rarely says which it is written in; the time is linear in its length.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoffs.domain.triggers.grammar import Found, Labels, Rulebook, find_rules
from handoffs.domain.triggers.language import Row, build_rules, label_words
from handoffs.domain.triggers.normalise import Word, fold, read_clauses, visible

CLASS = re.compile(r"\b[A-Z_]+\b")
# A word, or what ends a clause.
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s'-]|\s-\s|\n")
NOTHING: Labels = frozenset()


@dataclass(frozen=True, slots=True)
class Phrases:
    """What one language says: classes as words between spaces, and one table of rows per use."""

    code: str
    classes: Mapping[str, str]
    exasperation: tuple[Row, ...] = ()
    customer: tuple[Row, ...] = ()
    ai: tuple[Row, ...] = ()
    answers: tuple[Row, ...] = ()
    expansions: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One use's rows in every language, indexed by the words that begin them."""

    rules: Rulebook
    labels: Mapping[str, Labels]
    expansions: Mapping[str, tuple[str, ...]]

    def expand(self, word: str) -> Sequence[str]:
        """The word with its contraction or elision taken apart."""
        return self.expansions.get(word) or (word.split("'") if "'" in word else (word,))

    def find(self, clause: Sequence[str]) -> list[Found]:
        """Every phrase of a clause of expanded words; the name is the kind, the score the weight."""
        labels = [self.labels.get(word, NOTHING) for word in clause]
        return find_rules(self.rules, labels) if any(labels) else []


def build_phrasebook(languages: Sequence[Phrases], *uses: str) -> Phrasebook:
    """One book of these uses ("exasperation", "customer", "ai", "answers"). Raises `BadPattern` for a wrong table."""
    classes = {
        f"{one.code.upper()}_{name}": frozenset(words.split())
        for one in languages
        for name, words in one.classes.items()
    }
    rows = [qualify(row, one.code.upper()) for one in languages for use in uses for row in getattr(one, use)]
    rules = Rulebook(build_rules(rows, classes))
    expansions = {word: tuple(text.split()) for one in languages for word, text in (one.expansions or {}).items()}
    return Phrasebook(rules, label_words(classes, mentioned(rules)), expansions)


def qualify(row: Row, code: str) -> Row:
    """The row with its classes named as those of its language."""
    kind, weight, pattern = row
    return kind, weight, CLASS.sub(lambda name: f"{code}_{name[0]}", pattern)


def mentioned(rules: Rulebook) -> Iterator[str]:
    """Every word the patterns name themselves."""
    for rule in rules:
        for element in rule.pattern.elements:
            yield from (choice for choice in element.choices if not choice.isupper())


def clauses_of(text: str) -> list[list[str]]:
    """The folded words of a text, cut at punctuation; cheaper than `read_clauses`, without the places."""
    clauses: list[list[str]] = [[]]
    for token in TOKEN.findall(fold(visible(text))):
        if token[0].isalnum():
            clauses[-1].append(token)
        else:
            clauses.append([])
    return [clause for clause in clauses if clause]


def expanded(clause: Sequence[Word], book: Phrasebook) -> tuple[Word, ...]:
    """The words of a clause taken apart; the parts keep the span of the whole."""
    return tuple(
        word if part == word.text else word._replace(text=part) for word in clause for part in book.expand(word.text)
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase found in a text: what kind, how much it weighs, in the writer's own words."""

    kind: str
    weight: float
    words: str


def find_phrases(text: str, book: Phrasebook) -> Iterator[list[tuple[Found, Phrase]]]:
    """Every phrase of the text with its place, clause by clause."""
    shown = visible(text)
    for clause in read_clauses(shown):
        words = expanded(clause, book)
        found = book.find([word.text for word in words])
        if found:
            yield [(one, phrase_of(one, words, shown)) for one in found]


def phrase_of(found: Found, words: Sequence[Word], shown: str) -> Phrase:
    """What was found, in the writer's own words."""
    return Phrase(found.name, found.score, shown[words[found.start].start : words[found.end - 1].end])
