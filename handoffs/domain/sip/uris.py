"""SIP and SIPS URIs (RFC 3261, sections 19.1 and 25.1), with IPv6 as RFC 5118 and RFC 5954 write it."""

import ipaddress
import re
from dataclasses import dataclass

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.grammar import UNRESERVED, check_escapes, escape, octets, shorten

LONGEST_URI = 1024  # octets
LONGEST_HOST = 253
USER_CLASS = UNRESERVED + "&=+$,;?/"
HEADER_CLASS = UNRESERVED + r"\[\]/?:+$"
USER = re.compile(f"[{USER_CLASS}%]+")
PARAMETER = re.compile(rf"[{UNRESERVED}\[\]/:&+$%]+")
HEADER = re.compile(f"[{HEADER_CLASS}%]*")
LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
DIGITS = re.compile(r"[0-9]{1,5}")
PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class SipUri:
    """A SIP or SIPS URI; its parts keep their escapes. user: empty for none; host: IPv6 in brackets; params: name and
    value, None without `=`; headers: name and value. As text it is what was read, but for the scheme in lower case."""

    scheme: str
    host: str
    user: str = ""
    port: int | None = None
    params: tuple[tuple[str, str | None], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port is not None else ""
        params = "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.params)
        headers = "&".join(f"{name}={value}" for name, value in self.headers)
        return f"{self.scheme}:{user}{self.host}{port}{params}{'?' if headers else ''}{headers}"

    def param(self, name: str) -> str | None:
        """The value of a parameter in lower case, without regard to the case of its name."""
        found = next((value for given, value in self.params if given.lower() == name), None)
        return found.lower() if found else None


def escape_user(text: str) -> str:
    """The text as the user part of a URI; what is escaped already stays so."""
    return escape(text, USER_CLASS + "%")


def write_headers(headers: tuple[tuple[str, str], ...]) -> str:
    """The header part of a URI (RFC 3261, section 19.1.1), without its question mark."""
    return "&".join(f"{escape(name, HEADER_CLASS)}={escape(value, HEADER_CLASS)}" for name, value in headers)


def read_sip_uri(text: str) -> SipUri:
    """A SIP or SIPS URI. Raises Refusal."""
    if (size := octets(text)) > LONGEST_URI:
        raise Refusal("uri-long", f"An address has {LONGEST_URI} octets at most, this one {size}")
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in ("sip", "sips"):
        raise Refusal("uri-scheme", "An address begins with sip: or sips:. Try sip:frontdesk@sbc.example.com")
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        raise Refusal("uri-space", "An address has no spaces or control characters. Write %20 for a space")
    if "<" in text or ">" in text or '"' in text:
        raise Refusal("uri-brackets", "Write the address alone: < > and the display name are added on the wire")
    user, host = _split_user(rest)
    before, question, headers = host.partition("?")
    hostport, *params = before.split(";")
    name, port = read_host_and_port(hostport)
    return SipUri(
        scheme=scheme.lower(),
        user=user,
        host=name,
        port=port,
        params=_read_params(params),
        headers=_read_headers(headers) if question else (),
    )


def _split_user(rest: str) -> tuple[str, str]:
    if rest.count("@") > 1:
        raise Refusal("uri-at", "An address has one @. Write %40 for any other")
    user, at, host = rest.rpartition("@")
    if not at:
        return "", rest
    if ":" in user:
        raise Refusal("uri-password", "A password in an address goes out in clear text. Leave out the colon and it")
    if not user:
        raise Refusal("uri-user-missing", f"Nothing stands before the @. Try sip:frontdesk@{shorten(host)}")
    check_escapes(user, "the user part")
    if not USER.fullmatch(user):
        proposal = escape_user(user)
        raise Refusal("uri-user", f"A character before the @ must be escaped. Try {shorten(proposal)}@{shorten(host)}")
    return user, host


def read_host_and_port(text: str) -> tuple[str, int | None]:
    """The host, an IPv6 one with its brackets, and the port, None without one. Raises Refusal."""
    if text.startswith("["):
        inner, bracket, port = text[1:].partition("]")
        if not bracket or port[:1] not in ("", ":"):
            raise Refusal("host-ipv6", "The brackets go around the IPv6 address alone. Try [2001:db8::10]:5060")
        return f"[{_read_ipv6(inner)}]", _read_port(port)
    host, colon, port = text.partition(":")
    if ":" in port:
        raise Refusal("host-ipv6-bare", f"An IPv6 address stands in brackets. Try [{shorten(text)}]")
    return read_host(host), _read_port(f"{colon}{port}")


def _read_ipv6(text: str) -> str:
    if "%" in text:
        raise Refusal("host-ipv6-zone", "An IPv6 address has no zone here. Leave out % and what follows")
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        raise Refusal("host-ipv6", f"[{shorten(text)}] is no IPv6 address. Try [2001:db8::10]") from None
    return text


def _read_port(text: str) -> int | None:
    if not text:
        return None
    digits = text[1:]
    if not DIGITS.fullmatch(digits) or int(digits) not in PORTS or digits[0] == "0":
        raise Refusal("port", f"“{shorten(digits)}” is no port: they go from 1 to 65535. Try 5060, or 5061 for TLS")
    return int(digits)


def read_host(text: str) -> str:
    """A host name or IPv4 address. Raises Refusal."""
    if not text:
        raise Refusal("host-missing", "The address names no host. Try sip:frontdesk@sbc.example.com")
    if len(text) > LONGEST_HOST:
        raise Refusal("host-long", f"A host name has {LONGEST_HOST} characters at most, this one {len(text)}")
    if not text.isascii():
        raise Refusal("host-international", f"A host is written in ASCII. {_propose_host(text)}")
    labels = text.removesuffix(".").split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise Refusal("host", f"“{shorten(text)}” is no host name: letters, digits, hyphens and dots")
    if labels[-1].isdigit():
        return _read_ipv4(text)
    if not labels[-1][0].isalpha():
        raise Refusal("host", f"“{shorten(text)}” is no host name: its last part begins with a letter")
    return text


def _propose_host(text: str) -> str:
    try:
        return f"Try {text.encode('idna').decode()}"
    except UnicodeError:
        return "Try its punycode form, which begins with xn--"


def _read_ipv4(text: str) -> str:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise Refusal("host-ipv4", f"“{shorten(text)}” is no IPv4 address. Try 192.0.2.10") from None
    return text


def _read_params(parts: list[str]) -> tuple[tuple[str, str | None], ...]:
    params = tuple(_read_param(part) for part in parts)
    names = [name.lower() for name, _ in params]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal("param-twice", f"The parameter {shorten(twice)} stands twice. Leave one")
    return params


def _read_param(part: str) -> tuple[str, str | None]:
    name, equals, value = part.partition("=")
    check_escapes(part, "a parameter")
    if not PARAMETER.fullmatch(name) or (equals and not PARAMETER.fullmatch(value)):
        raise Refusal("param", f"“;{shorten(part)}” is no parameter. Try ;transport=tls")
    return name, value if equals else None


def _read_headers(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_read_header(part) for part in text.split("&"))


def _read_header(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    check_escapes(part, "a header behind the ?")
    if not name or not equals or not HEADER.fullmatch(name) or not HEADER.fullmatch(value):
        raise Refusal("uri-header", f"“?{shorten(part)}” is no header of an address. Try ?X-Customer-ID=42")
    return name, value
