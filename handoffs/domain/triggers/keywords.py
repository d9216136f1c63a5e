"""Words and phrases that are a match by themselves, found in one pass over the words of a text.

A keyword is written as people write it: upper and lower case, accents and punctuation do not count, the words of a
phrase follow one another, and an asterisk at the end of a word stands for any ending ("threat*" finds
"threaten"). Nothing a person types becomes a regular expression.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoffs.domain.triggers.normalise import Word, fold, visible
from handoffs.domain.triggers.once import once

# Scripts that put no space between words: each of their characters stands as a word of its own.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Vowels and points written above, below or behind a letter (Latin, Hebrew, Arabic, Indic); no letters to `\w`.
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
ONE_WORD = rf"[{UNSPACED}]|(?:[^\W_{UNSPACED}]|[{MARKS}])+"
WORD = re.compile(ONE_WORD)
WRITTEN = re.compile(rf"(?P<word>{ONE_WORD})(?P<any>\*?)")
ENDING = "*"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword as it was written, and its folded words; a word with an asterisk is the beginning of one."""

    written: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeywordIndex:
    """Keywords by their first word: whole ones, and beginnings with the lengths they come in."""

    whole: Mapping[str, Sequence[Keyword]]
    beginnings: Mapping[str, Sequence[Keyword]]
    lengths: tuple[int, ...]

    def find(self, shown: str) -> tuple[Keyword, str] | None:
        """The first keyword in a `visible` text, with the customer's own words. Linear in the text."""
        if not self.whole and not self.beginnings:
            return None
        words = read_words(shown)
        for place, word in enumerate(words):
            for keyword in self.starting_with(word.text):
                end = place + len(keyword.words)
                if all(map(is_match, keyword.words, (one.text for one in words[place:end]))) and end <= len(words):
                    return keyword, shown[word.start : words[end - 1].end]
        return None

    def starting_with(self, word: str) -> Iterator[Keyword]:
        """The keywords whose first word this may be."""
        yield from self.whole.get(word, ())
        for length in self.lengths:
            yield from self.beginnings.get(word[:length], ())


def is_match(wanted: str, word: str) -> bool:
    """Whether a word of a keyword stands for this folded word."""
    return word.startswith(wanted[:-1]) if wanted.endswith(ENDING) else word == wanted


@once
def read_words(shown: str) -> list[Word]:
    """The folded words of a `visible` text with their spans; what an apostrophe parts is two words."""
    return [Word(fold(found[0]), found.start(), found.end()) for found in WORD.finditer(shown)]


def read_keyword(written: str) -> Keyword:
    """The keyword as it is looked for; without words when nothing in it is a letter or a digit."""
    found = WRITTEN.finditer(visible(written))
    return Keyword(written.strip(), tuple(fold(one["word"]) + one["any"] for one in found))


def index_keywords(written: Iterable[str]) -> KeywordIndex:
    """The index of these keywords; one without a word finds nothing."""
    whole: dict[str, list[Keyword]] = defaultdict(list)
    beginnings: dict[str, list[Keyword]] = defaultdict(list)
    for keyword in filter(lambda one: one.words, map(read_keyword, written)):
        first = keyword.words[0]
        index = beginnings if first.endswith(ENDING) else whole
        index[first.removesuffix(ENDING)].append(keyword)
    return KeywordIndex(dict(whole), dict(beginnings), tuple(sorted({len(one) for one in beginnings})))
