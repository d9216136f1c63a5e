"""Countries and subdivisions by the names people choose them by."""

import re
from collections.abc import Mapping
from functools import lru_cache

import holidays as public
from holidays.registry import COUNTRIES

from handoffs.domain.office_hours.holidays import countries

WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SMALL = {" And ": " and ", " Of ": " of ", " The ": " the "}


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """English names by ISO 3166 code, of every country with public holidays, in order of the names."""
    named = {code: _spaced(class_name) for class_name, code, *_ in COUNTRIES.values() if code in countries()}
    return dict(sorted(named.items(), key=lambda item: item[1]))


@lru_cache(maxsize=64)
def subdivision_names(country: str) -> Mapping[str, str]:
    """Names by code of the parts of a country that have holidays of their own; the code where the package has no
    name; empty for an unknown country."""
    parts = countries().get(country, ())
    if not parts:
        return {}
    class_name = next(entry[0] for entry in COUNTRIES.values() if entry[1] == country)
    aliases: Mapping[str, str] = getattr(getattr(public, class_name), "subdivisions_aliases", {})
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
