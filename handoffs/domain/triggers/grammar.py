"""A small pattern language over words, for rules that are read and written as tables.

A pattern is a row of elements between spaces, matched inside one clause:

    talk        this word            talk|chat     one of these words
    HUMAN       a word of the class  HUMAN|boss    mixed
    DET?        there or not         ~3            up to three words of any kind, none of the class STOP
    ~3:DET      up to three words of this class
    ^  $        the clause begins, ends here

Matching walks all possibilities at once, each at most as far as the pattern is long: the time is linear in the text,
whatever the text is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

STOP = "STOP"  # the class of words no open gap may swallow

Labels = frozenset[str]  # a word itself and the names of the classes it belongs to


class BadPattern(ValueError):
    """A table of rules is written wrongly; the message quotes the element."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a pattern: between `least` and `most` words out of `choices` (any word when empty)."""

    choices: Labels
    least: int = 1
    most: int = 1
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern; `starts` are the labels its first word can have, empty when any word may begin it, and of each
    of `needs` the clause must hold one label somewhere."""

    source: str
    elements: tuple[Element, ...]
    starts: Labels
    needs: tuple[Labels, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that means something: how sure it makes us, and whether a veto can still undo it."""

    name: str
    score: float
    pattern: Pattern
    can_be_vetoed: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Where a rule matched: half-open span of word positions in its clause."""

    name: str
    score: float
    start: int
    end: int
    can_be_vetoed: bool = True

    @property
    def positions(self) -> range:
        """The positions of the matched words."""
        return range(self.start, self.end)


def parse(source: str, classes: Mapping[str, Labels]) -> Pattern:
    """The pattern written as `source`. Raises `BadPattern` for an unknown class or a gap without a number."""
    elements = tuple(parse_element(part, classes) for part in source.split())
    if not elements:
        raise BadPattern("a pattern needs at least one element")
    needs = tuple(element.choices for element in elements if element.least and element.choices)
    return Pattern(source, elements, first_labels(elements), needs)


def parse_element(part: str, classes: Mapping[str, Labels]) -> Element:
    """One element of a pattern."""
    if part in ("^", "$"):
        return Element(frozenset(), 0, 0, edge=part)
    if part.startswith("~"):
        size, _, names = part[1:].partition(":")
        if not size.isdigit():
            raise BadPattern(f"{part}: a gap is written ~3 or ~3:CLASS")
        return Element(parse_choices(names, classes), 0, int(size))
    optional = part.endswith("?")
    return Element(parse_choices(part.removesuffix("?"), classes), 0 if optional else 1)


def parse_choices(names: str, classes: Mapping[str, Labels]) -> Labels:
    """The labels between bars; upper case must name a class of the language."""
    choices = frozenset(names.split("|")) if names else frozenset()
    unknown = sorted(name for name in choices if name.isupper() and name not in classes)
    if unknown:
        raise BadPattern(f"{names}: no class is called {', '.join(unknown)}")
    return choices


def first_labels(elements: Sequence[Element]) -> Labels:
    """What the first word of a match can be; empty when an open gap or an edge alone comes first."""
    starts: set[str] = set()
    for element in (one for one in elements if not one.edge):
        if not element.choices:
            return frozenset()
        starts |= element.choices
        if element.least:
            break
    return frozenset(starts)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules in the order of their table, and their numbers under each label that can begin one: most words begin none.

    `anywhere` are the numbers of the rules that any word may begin; `by_need` names the rules under the labels one of
    which their clause must hold, and `needless` those that need none: most clauses can hold no rule at all.
    """

    rules: tuple[Rule, ...]
    by_start: Mapping[str, Sequence[int]] = field(init=False, repr=False)
    anywhere: frozenset[int] = field(init=False, repr=False)
    by_need: Mapping[str, Sequence[int]] = field(init=False, repr=False)
    needless: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        asked = Counter(chain.from_iterable(need for rule in self.rules for need in rule.pattern.needs))
        rarest = partial(rarest_need_of, asked=asked)
        for index, rest, choose in (("by_start", "anywhere", starts_of), ("by_need", "needless", rarest)):
            numbers: defaultdict[str, list[int]] = defaultdict(list)
            for number, rule in enumerate(self.rules):
                for label in choose(rule.pattern):
                    numbers[label].append(number)
            object.__setattr__(self, index, dict(numbers))
            without = frozenset(number for number, rule in enumerate(self.rules) if not choose(rule.pattern))
            object.__setattr__(self, rest, without)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def possible(self, present: Labels) -> set[int]:
        """The numbers of the rules that a clause with these labels can hold."""
        numbers = set(self.needless)
        for label in present & self.by_need.keys():
            numbers.update(self.by_need[label])
        return {one for one in numbers if not any(map(present.isdisjoint, self.rules[one].pattern.needs))}

    def first_labels(self, possible: set[int]) -> Labels | None:
        """What the first word of a match of these rules can be, none when that can be any word."""
        if not possible.isdisjoint(self.anywhere):
            return None
        return frozenset(chain.from_iterable(self.rules[number].pattern.starts for number in possible))

    def beginning_with(self, labels: Labels, possible: set[int]) -> Iterator[Rule]:
        """The possible rules a word with these labels can begin, each once, in the order of the table."""
        numbers = possible & self.anywhere
        for label in labels & self.by_start.keys():
            numbers |= possible.intersection(self.by_start[label])
        return (self.rules[number] for number in sorted(numbers))


def starts_of(pattern: Pattern) -> Labels:
    """The labels a match can begin with; empty when any word may."""
    return pattern.starts


def rarest_need_of(pattern: Pattern, asked: Mapping[str, int]) -> Labels:
    """Of what the clause must hold, the choice whose labels the fewest rules ask for: the word "I" tells little. Empty
    when it must hold nothing."""
    return min(pattern.needs, key=lambda need: sum(asked[label] for label in need), default=frozenset())


def find_rules(book: Rulebook, clause: Sequence[Labels]) -> list[Found]:
    """Every place where a rule matches, the longest match from each starting word."""
    possible = book.possible(frozenset(chain.from_iterable(clause)))
    if not possible:
        return []
    first = book.first_labels(possible)
    return [
        Found(rule.name, rule.score, start, end, rule.can_be_vetoed)
        for start, labels in enumerate(clause)
        if first is None or not first.isdisjoint(labels)
        for rule in book.beginning_with(labels, possible)
        if (end := match_at(rule.pattern.elements, clause, start)) is not None
    ]


def match_at(elements: Sequence[Element], clause: Sequence[Labels], start: int) -> int | None:
    """Where the longest match that begins at `start` ends; none when nothing matches."""
    positions = {start}
    for element in elements:
        positions = advance(element, clause, positions)
        if not positions:
            return None
    return max(positions)


def advance(element: Element, clause: Sequence[Labels], positions: set[int]) -> set[int]:
    """The positions reached from these by taking the element."""
    if element.edge:
        return positions & {0 if element.edge == "^" else len(clause)}
    if element.least == element.most == 1:
        return {here + 1 for here in positions if here < len(clause) and accepts(element, clause[here])}
    return {after for here in positions for after in stretch(element, clause, here)}


def stretch(element: Element, clause: Sequence[Labels], position: int) -> Iterator[int]:
    """The positions reached from this one by taking the element as often as it may be."""
    if element.least == 0:
        yield position
    for here in range(position, min(position + element.most, len(clause))):
        if not accepts(element, clause[here]):
            return
        yield here + 1


def accepts(element: Element, labels: Labels) -> bool:
    """Whether the element may take a word with these labels."""
    return not element.choices.isdisjoint(labels) if element.choices else STOP not in labels
