"""The terms of a text for retrieval: stop words dropped, endings cut, close words made one. English."""

import re
from collections.abc import Mapping

from handoffs.domain.triggers.normalise import normalise

NUMBER = re.compile(r"\d")
NUMBER_TERM = "#"
TERM = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?")
LONGEST_TERM = 30

STOP_TEXT = """
a able about actually after again ago all already also am an and any anyone anything anyway are as ask asking at be
because been before being bit both but by can cannot cant could couldn d did didn didnt do does doesn doesnt doing
don done dont else everybody everyone find for four from get gets getting give go goes going gonna got had has have
haven having he help her here him his how hows i id if ill im in into is isn isnt it its itself ive just know last
let like ll looking lot m made make maybe me mean mine more most much my need needs never no not now of off often oh
ok okay old on one only or our out over per please pls possible question quite re really s said say says see she
should since so some somebody someone something soon still such sure t tell than that thats the their them then
there these they theyre thing things think this those though three time times to today tonight too try trying two up
us use using ve very wanna want wants was wasn wasnt way we week weeks well went were what whats when where wheres
which while who whom whose why will with without won wondering wont would wouldn yes yesterday yet you your youre
yours
"""
STOP_WORDS = frozenset(STOP_TEXT.split())
COURTESIES = frozenset(
    {
        "hi",
        "hello",
        "hey",
        "hiya",
        "good",
        "great",
        "perfect",
        "morning",
        "afternoon",
        "evening",
        "thanks",
        "thank",
        "cheers",
    }
)

# Words customers use for one another; the right-hand side stands for all of them.
SYNONYMS: Mapping[str, str] = {
    "handset": "phone",
    "mobile": "phone",
    "smartphone": "phone",
    "cellphone": "phone",
    "iphone": "phone",
    "device": "phone",
    "package": "parcel",
    "shipment": "parcel",
    "shipping": "delivery",
    "shipped": "delivery",
    "ship": "delivery",
    "dispatch": "delivery",
    "courier": "delivery",
    "cracked": "broken",
    "crack": "broken",
    "smashed": "broken",
    "shattered": "broken",
    "damaged": "broken",
    "broke": "broken",
    "fix": "repair",
    "mend": "repair",
    "abroad": "roaming",
    "overseas": "roaming",
    "travelling": "roaming",
    "traveling": "roaming",
    "reception": "signal",
    "shop": "store",
    "shops": "store",
    "branch": "store",
    "invoice": "bill",
    "statement": "bill",
    "bought": "buy",
    "purchase": "buy",
    "purchased": "buy",
    "sent": "send",
    "terminate": "cancel",
    "quit": "cancel",
    "expensive": "price",
    "cost": "price",
    "costs": "price",
    "complaint": "complain",
    "complaints": "complain",
    "exchange": "swap",
    "exchanging": "swap",
}

# Longest first; what is left must keep at least three letters.
ENDINGS: tuple[tuple[str, str], ...] = (
    ("ations", ""),
    ("ation", ""),
    ("ments", ""),
    ("ment", ""),
    ("ingly", ""),
    ("ing", ""),
    ("ies", ""),
    ("ied", ""),
    ("sses", "ss"),
    ("ers", ""),
    ("ed", ""),
    ("es", ""),
    ("er", ""),
    ("ly", ""),
    ("'s", ""),
    ("y", ""),
    ("s", ""),
    ("e", ""),
)
LEAST_STEM = 3


def terms_of(text: str, synonyms: Mapping[str, str] = SYNONYMS) -> list[str]:
    """The terms in order, repeated ones included. Linear in the text; numbers and stop words are no terms."""
    return [stem(synonyms.get(word, word)) for word in words_of(text)]


def words_of(text: str) -> list[str]:
    """The folded words that are not stop words, before they are cut; courtesies only where nothing else is said."""
    found = (bare_word(word[:LONGEST_TERM]) for word in TERM.findall(normalise(text)))
    words = [word for word in found if word and word not in STOP_WORDS]
    return [word for word in words if word not in COURTESIES] or words


def bare_word(word: str) -> str:
    """The word without a possessive; contractions become empty, they are stop words in every form."""
    head, _, tail = word.partition("'")
    return head if tail in ("", "s") else ""


def stem(word: str) -> str:
    """The word without its ending, a doubled last letter made one. Crude on purpose: the same on both sides."""
    for ending, kept in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return undouble(word.removesuffix(ending) + kept)
    return undouble(word)


def undouble(word: str) -> str:
    """ "cancell" and "cancel" are one."""
    return word[:-1] if len(word) > LEAST_STEM and word[-1] == word[-2] else word
