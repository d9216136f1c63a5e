"""Names and stable keys of new configuration rows. A key is made from the first name and never changed by a later
one."""

import re
import unicodedata
from collections.abc import Collection

MOST = 50


def free_key(name: str, *, taken: Collection[str], fallback: str) -> str:
    """A key for a name: lower-case ASCII letters, digits and hyphens, at most 60 characters, not among the taken.
    fallback: for a name without any letter that can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST].rstrip("-") or fallback
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def free_name(wanted: str, *, taken: Collection[str], most: int) -> str:
    """The name, at most `most` characters long, with the first number that makes it differ from the taken ones; case
    does not."""
    known = {name.lower() for name in taken}
    stem = wanted[: most - 5].rstrip()
    name, number = stem, 2
    while name.lower() in known:
        name, number = f"{stem} {number}", number + 1
    return name
