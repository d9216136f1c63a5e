"""IANA time zones as people look for them."""

from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

# Of the tz database but no place: links for old systems, and the zone of a machine that was never set up.
NO_PLACES = ("Factory", "localtime", "posixrules", "SystemV/", "posix/", "right/")


@lru_cache(maxsize=1)
def time_zone_names() -> tuple[str, ...]:
    """Every zone a place can have, by name."""
    return tuple(sorted(name for name in available_timezones() if not name.startswith(NO_PLACES)))


def find_time_zone(text: str) -> str:
    """The zone of a name as typed, without regard to case and with spaces for underscores; a city alone does where
    only one zone has it. Empty when there is none."""
    wanted = _folded(text)
    if not wanted:
        return ""
    exact = next((name for name in time_zone_names() if _folded(name) == wanted), "")
    cities = [name for name in time_zone_names() if _folded(name.rpartition("/")[2]) == wanted]
    return exact or (cities[0] if len(cities) == 1 else "")


def suggest_time_zone(text: str) -> str:
    """The zone whose name or city is nearest to the text; empty when none is near."""
    named = {_folded(name): name for name in time_zone_names()}
    cities = {city.rpartition("/")[2]: name for city, name in named.items() if "/" in city}
    near = get_close_matches(_folded(text), [*named, *cities], n=1, cutoff=0.6)
    return {**cities, **named}[near[0]] if near else ""


def _folded(text: str) -> str:
    return text.strip().replace(" ", "_").casefold()
