"""Slows guessing down: so many tries are free, then each costs a wait that doubles.

Each try is counted three times: for the pair of e-mail and address, for the address alone (one machine, many
e-mails) and for the e-mail alone (many machines, one e-mail). The last never waits longer than a minute: else anybody
could keep somebody else outside. Nothing of it depends on whether the e-mail is known.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from conversations.services.throttle import Allowance, TooManyTries, count_tries, take_back

__all__ = ["LOG_IN", "RESET", "TooManyTries", "address_of", "count_try", "forget_tries"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is counted of one kind of try."""

    name: str
    pair: Allowance
    address: Allowance
    email: Allowance


LOG_IN = Rule("log-in", pair=Allowance(5, 900, 600), address=Allowance(20, 900, 120), email=Allowance(50, 60, 60))
RESET = Rule("reset", pair=Allowance(3, 900, 600), address=Allowance(10, 900, 120), email=Allowance(10, 900, 600))


def count_try(rule: Rule, *, address: str, email: str, at: datetime) -> None:
    """Count one try. Raises TooManyTries, and then counts nothing. Without Redis everybody may try."""
    allowances = (rule.pair, rule.address, rule.email)
    count_tries(dict(zip(_names(rule, address, email), allowances, strict=True)), at=at)


def forget_tries(rule: Rule, *, address: str, email: str) -> None:
    """After a success: the person may mistype again. What the address did with other e-mails stays counted."""
    pair, of_address, of_email = _names(rule, address, email)
    take_back(of_address, cleared=(pair, of_email))


def address_of(request: HttpRequest) -> str:
    """Who asks: behind a trusted proxy whom it names last, else the connection's address; IPv6 by its /64."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    # A socket for both versions names IPv4 so: all of it is one /64.
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def _names(rule: Rule, address: str, email: str) -> list[str]:
    # Hashed: an e-mail that somebody typed belongs in no list of keys.
    parts = (f"{address} {email.lower()}", address, email.lower())
    digests = (hashlib.sha256(part.encode()).hexdigest()[:32] for part in parts)
    return [f"{rule.name}:{kind}:{digest}" for kind, digest in zip("pae", digests, strict=True)]
