"""What an outgoing call may be written as: its URL and its headers, before anything is resolved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from integrations.domain.addresses import parse_address

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2000
# Below 1024 only the web's own; above, what browsers refuse too (https://fetch.spec.whatwg.org/#port-blocking)
# and the databases that answer to a line of text.
WELL_KNOWN = frozenset({80, 443})
REFUSED_PORTS = frozenset({
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
    10080, 11211,
})  # fmt: skip

HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
LOOKS_NUMERIC = re.compile(r"\d+|0[xX][0-9a-fA-F]*")
UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
HEADER_VALUE = re.compile(r"[\x20-\x7e\t]{0,4000}")
# Ours to set: they frame the message, name its receiver or prove its sender.
RESERVED_HEADERS = frozenset({
    "host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te", "trailer",
    "upgrade", "expect", "keep-alive", "proxy-authorization", "proxy-connection", "accept-encoding", "user-agent",
})  # fmt: skip
RESERVED_PREFIXES = ("x-studio-", "webhook-")


class TargetRefused(ValueError):
    """This URL or header is not for us to send: the argument says why, in words for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str  # lower case, without an IPv6 address's brackets and without a last dot
    port: int
    path: str  # as written, with the query and without the fragment; at least "/"

    @property
    def authority(self) -> str:
        """What stands in the `Host` header: the port only when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Whom a credential is shown to that goes along: scheme, host and port."""
        return f"{self.scheme}://{self.authority}"


def parse_target(url: str) -> Target:
    """Return where `url` leads. Raises TargetRefused for anything but a plain, unambiguous http(s) URL."""
    if len(url) > LONGEST_URL:
        raise TargetRefused(f"The URL is longer than {LONGEST_URL} characters")
    if UNPRINTABLE.search(url) or "\\" in url:
        raise TargetRefused("The URL holds blanks, control or non-ASCII characters, or a backslash; encode them")
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise TargetRefused("The URL must start with http:// or https://")
    if "@" in parts.netloc:
        raise TargetRefused("The URL carries credentials; use a header instead")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, _check_host(parts), _check_port(parts), path)


def check_headers(headers: Mapping[str, str]) -> None:
    """Accept headers to be sent. Raises TargetRefused for a name or value outside the grammar (CR, LF, NUL …)."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name):
            raise TargetRefused(f"{name!r} is no header name")
        if not HEADER_VALUE.fullmatch(value):
            raise TargetRefused(f"The value of {name} holds control or non-ASCII characters or is too long")


def check_custom_headers(headers: Mapping[str, str]) -> None:
    """Accept headers somebody added to an endpoint: well formed, and none of ours. Raises TargetRefused."""
    check_headers(headers)
    for name in headers:
        if name.lower() in RESERVED_HEADERS or name.lower().startswith(RESERVED_PREFIXES):
            raise TargetRefused(f"{name} is set by Handoff Studio")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:  # an unclosed bracket, say
        raise TargetRefused("The URL cannot be read") from error


def _check_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if parse_address(host):
        return host
    host = host.removesuffix(".")
    labels = host.split(".")
    if not host or len(host) > 253 or not all(HOST_LABEL.fullmatch(label) for label in labels):
        raise TargetRefused("The URL names no host")
    # A C library reads `127.1`, `0x7f.1` and `2130706433` as addresses; no public name ends in a number.
    if LOOKS_NUMERIC.fullmatch(labels[-1]):
        raise TargetRefused("The host is a number; write an address as four decimal numbers with dots")
    return host


def _check_port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise TargetRefused("The port is no number from 1 to 65535") from error
    if port is None:
        return DEFAULT_PORTS[parts.scheme]
    if port < 1024 and port not in WELL_KNOWN:
        raise TargetRefused(f"Port {port} is not a web port")
    if port in REFUSED_PORTS:
        raise TargetRefused(f"Port {port} belongs to another protocol")
    return port
