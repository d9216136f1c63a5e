"""What the linear models read in a message: words, the letters inside them, pairs of words, and how it is written.

The training script and the running system read with this one module, so that a model never sees anything else than
what it learnt from. Linear in the length of the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

from handoffs.domain.triggers.normalise import Word, read_clauses, visible

LETTERS = (3, 4, 5)  # lengths of the runs of letters looked at inside a word
LONGEST_WORD = 24  # letters; what follows says no more about how a customer feels
SILENT = ""  # a word in whose place nothing is read
PAIRED = "_"  # a word that is read only beside others, as one of its kind
NO_WORD = -1
SHOUTED_LETTERS = 3  # "OK", "UK" and "ID" are no shouting

DRAWN_OUT = re.compile(r"([^\W\d_])\1\1")
CENSORED = re.compile(r"\w[*#@$%]+\w|\w[*#@$%]{2,}")
EMOJI = {
    "angry": frozenset("😠😡🤬😤👎💩😒🙄😾🖕😞😣😩😫😖☹😢😭😑"),
    "pleased": frozenset("😀😃😄😁😊🙂😍❤👍🙏😂🤣😅😆😉😘🥰♥💕🎉"),
}
SIGNS = ("!", "!!", "?", "??", "?!")

Feature = tuple[str, int]  # its name, and the position of the word it comes from, NO_WORD for none


def read_words(text: str, blanked: Mapping[str, str]) -> tuple[str, list[list[Word]]]:
    """The visible text and its clauses of words without apostrophes; blanked: what stands in a word's place."""
    shown = visible(text)
    clauses = read_clauses(shown)
    return shown, [[_plain(word, blanked) for word in clause] for clause in clauses]


def _plain(word: Word, blanked: Mapping[str, str]) -> Word:
    text = blanked.get(word.text)
    return Word(word.text.replace("'", "")[:LONGEST_WORD] if text is None else text, word.start, word.end)


def read_features(shown: str, clauses: Sequence[Sequence[Word]]) -> Iterator[Feature]:
    """Everything a model can weigh. Each word counts once with all that is inside it, each pair once in its clause."""
    for place, word in distinct_words(clauses):
        yield from ((name, place) for name in word_features(word))
    yield from loose_features(shown, clauses)


def distinct_words(clauses: Sequence[Sequence[Word]]) -> Iterator[tuple[int, str]]:
    """Each word that is read for itself, where it first stands."""
    seen = {SILENT, PAIRED}
    for place, word in enumerate(chain.from_iterable(clauses)):
        if word.text not in seen:
            seen.add(word.text)
            yield place, word.text


def loose_features(shown: str, clauses: Sequence[Sequence[Word]]) -> Iterator[Feature]:
    """What is not inside one word: pairs, and how the message is written."""
    position = 0
    for clause in clauses:
        yield from pair_features(clause, position)
        position += len(clause)
    yield from ((name, NO_WORD) for name in manner_features(shown, clauses))


def word_features(word: str) -> Iterator[str]:
    """The word, and every run of three to five letters inside it, its beginning and end marked."""
    yield f"w:{word}"
    marked = f"<{word}>"
    yield from {marked[start : start + size] for size in LETTERS for start in range(len(marked) - size + 1)}


def pair_features(clause: Sequence[Word], position: int) -> Iterator[Feature]:
    """Words that stand side by side, the beginning and the end of the clause included."""
    words = ["^", *(word.text for word in clause), "$"]
    last = len(clause) - 1
    seen: set[str] = set()
    for place, (left, right) in enumerate(pairwise(words)):
        name = f"b:{left} {right}"
        if SILENT not in (left, right) and name not in seen:
            seen.add(name)
            yield name, position + min(place, last)


def manner_features(shown: str, clauses: Sequence[Sequence[Word]]) -> Iterator[str]:
    """How it is written: capitals, drawn-out letters, marks, pictures."""
    yield from (f"h:{sign}" for sign in SIGNS if sign in shown)
    yield from (f"h:{mood}" for mood, signs in EMOJI.items() if not signs.isdisjoint(shown))
    if DRAWN_OUT.search(shown):
        yield "h:drawn_out"
    if CENSORED.search(shown):
        yield "h:censored"
    yield from shouting_features(shown, clauses)


def shouting_features(shown: str, clauses: Sequence[Sequence[Word]]) -> Iterator[str]:
    """Whether a word is in capitals, and whether most of several are."""
    words = [shown[word.start : word.end] for clause in clauses for word in clause]
    shouted = sum(1 for word in words if len(word) >= SHOUTED_LETTERS and word.isupper())
    if shouted:
        yield "h:capitals"
    if shouted > 1 and 2 * shouted >= len(words):
        yield "h:shouting"
