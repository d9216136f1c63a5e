"""Stable keys of configuration rows: made from the first name, never changed by a later one."""

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
