"""The hosts a connector may be used from: names as people type them, read to what a page's origin is compared with."""

import re
from ipaddress import ip_address

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LONGEST = 253
MOST_HOSTS = 200


class HostRefused(ValueError):
    """This is no host name or app id: the argument says why, and what to write instead."""


def read_hosts(text: str) -> tuple[str, ...]:
    """The hosts of a text with one a line, each once, empty lines left out. Raises HostRefused."""
    hosts = tuple(dict.fromkeys(read_host(line.strip()) for line in text.splitlines() if line.strip()))
    if len(hosts) > MOST_HOSTS:
        raise HostRefused(f"A connector has {MOST_HOSTS} hosts at most, these are {len(hosts)}")
    return hosts


def read_host(text: str) -> str:
    """A host name, an IP address or an app id (`com.example.shop`), in lower case. Raises HostRefused."""
    if _is_address(text):
        return text.lower()
    if (bare := _bare(text)) != text.lower():
        raise HostRefused(_advice(text, bare))
    if not text.isascii():
        raise HostRefused(f"Write {text[:60]} in its ASCII form. {_propose_ascii(text)}")
    if len(bare) > LONGEST or not all(LABEL.fullmatch(label) for label in bare.split(".")):
        raise HostRefused(f"“{text[:60]}” is no host name: letters, digits, hyphens and dots. Try shop.example.com")
    return bare


def _bare(text: str) -> str:
    """What is left without scheme, user, port, path, star and outer dots."""
    name = text.lower().rpartition("://")[2]
    name = re.split(r"[/?#]", name, maxsplit=1)[0].rpartition("@")[2]
    return name.partition(":")[0].removeprefix("*.").strip(".")


def _advice(text: str, bare: str) -> str:
    proposal = f"Try {bare[:60]}" if bare else "Try shop.example.com"
    if text.startswith("*"):
        return f"Subdomains are covered by themselves. {proposal}"
    return f"A host stands without scheme, port and path. {proposal}"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _propose_ascii(text: str) -> str:
    try:
        return f"Try {text.lower().encode('idna').decode()}"
    except UnicodeError:
        return "It begins with xn--"
