"""Text as the rules read it: folded, and cut into clauses of words that remember where they stood.

Everything here is linear in the length of the text: one pass of translation and one of a pattern without backtracking.
"""

import re
import unicodedata
from typing import NamedTuple

from handoffs.domain.triggers.once import once

APOSTROPHES = dict.fromkeys((0x2018, 0x2019, 0x02BC, 0x0060, 0x00B4, 0xFF07), "'")
# One word, its inner apostrophes included, or one mark that ends a clause: a dash does so only between spaces, and a
# comma not before "mit" and "met", which German and Dutch set off within what is asked ("Ist es möglich, mit …"), nor
# within "a real, live person".
PIECE = re.compile(
    r"(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<end>,(?!\s{0,2}m[ie]t\s)(?!(?<=real,)\s{0,2}live\s)|[.;:!?()\[\]{}\"¿¡…。、\uff01\uff1f\n\r|/]|\s[-\u2013\u2014]+\s|\u2014)"
)
LATIN_MARKS = range(0x0300, 0x0370)
FOLDINGS = 4  # a folded letter may itself fold again; no letter of Unicode 15 needs more than three rounds
RUN = re.compile(r"([^\W\d_])\1{2,}")  # a run is taken whole or not at all: nothing here backtracks


class Word(NamedTuple):
    """A folded word and the half-open span it came from, in characters of the visible text."""

    text: str
    start: int
    end: int


def visible(text: str) -> str:
    """The text without invisible format characters, which would hide a word, and with one kind of apostrophe."""
    shown = text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Cf")
    return shown.translate(APOSTROPHES)


def normalise(text: str) -> str:
    """Visible text in lower case, without accents, drawn-out letters or repeated spaces. Idempotent."""
    return " ".join(fold(visible(text)).split())


def fold(text: str) -> str:
    """The text in lower case, without Latin, Greek and Cyrillic accents, and without drawn-out letters."""
    if text.isascii():
        return squeeze(text.lower())
    for _ in range(FOLDINGS):
        folded = squeeze(fold_once(text))
        if folded == text:
            break
        text = folded
    return text


def fold_once(text: str) -> str:
    """One round of compatibility decomposition, case folding and dropping of accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if ord(c) not in LATIN_MARKS)
    return unicodedata.normalize("NFC", visible(bare))


def squeeze(text: str) -> str:
    """Drawn-out letters ("pleaseee") become one; digits and pairs stay."""
    return RUN.sub(shorten, text)


def shorten(run: re.Match[str]) -> str:
    """One run of the same character."""
    return run[1] if run[1].isalpha() else run[0]


@once
def read_clauses(shown: str) -> list[list[Word]]:
    """The words of a `visible` text, grouped into clauses at punctuation; empty clauses are left out.

    Every trigger reads the same message: the answer is shared, and not to be changed.
    """
    clauses: list[list[Word]] = [[]]
    for piece in PIECE.finditer(shown):
        if piece["end"]:
            clauses.append([])
        else:
            clauses[-1].append(Word(fold(piece["word"]), piece.start(), piece.end()))
    return [clause for clause in clauses if clause]
