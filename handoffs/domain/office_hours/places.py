"""Countries and subdivisions by the names people choose them by."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import holidays as public
from holidays.registry import COUNTRIES

WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SMALL = {" And ": " and ", " Of ": " of ", " The ": " the "}


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """English names by ISO 3166 code, of every country with public holidays, in order of the names. They are made
    from names of classes: asking the classes themselves would load a module for each, which takes seconds."""
    named = {code: _spaced(class_name) for class_name, code, *_ in COUNTRIES.values()}
    return dict(sorted(named.items(), key=lambda item: item[1]))


@lru_cache(maxsize=64)
def subdivision_names(country: str) -> Mapping[str, str]:
    """Names by code of the parts of a country that have holidays of their own; the code where the package has no
    name; empty for an unknown country."""
    class_name = next((entry[0] for entry in COUNTRIES.values() if entry[1] == country), "")
    if not class_name:
        return {}
    described = getattr(public, class_name)
    parts: Iterable[str] = described.subdivisions
    aliases: Mapping[str, str] = getattr(described, "subdivisions_aliases", {})
    # The package lists several spellings of some; the last one is as good as the first, one is enough.
    named = {code: name for name, code in aliases.items()}
    return dict(sorted(((code, named.get(code, code)) for code in parts), key=lambda item: item[1]))


def say_place(country: str, subdivision: str) -> str:
    """`Wales, United Kingdom`, `United Kingdom`, or empty without a country."""
    names = (subdivision_names(country).get(subdivision, ""), country_names().get(country, country))
    return ", ".join(filter(None, names))


def _spaced(class_name: str) -> str:
    name = WORDS.sub(" ", class_name)
    for word, small in SMALL.items():
        name = name.replace(word, small)
    return name
