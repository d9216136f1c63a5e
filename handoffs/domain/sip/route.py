"""Where a transfer goes: what is typed as a route, and the URI it means on a line."""

from dataclasses import dataclass
from enum import StrEnum

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.grammar import shorten
from handoffs.domain.sip.numbers import TelUri, read_e164, read_extension, read_tel_uri
from handoffs.domain.sip.uris import LONGEST_URI, SipUri, escape_user, read_host_and_port, read_sip_uri
from handoffs.domain.sip.variables import list_variables
from handoffs.domain.sip.voice import LineConfig, LineKind, SipMethod, VoiceConfig

USED_AS_EXTENSION = frozenset("0123456789*#")


class RouteKind(StrEnum):
    """What a route was typed as."""

    SIP = "sip"
    TEL = "tel"
    NUMBER = "number"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Route:
    """A route as typed, read. uri: of a SIP or tel route; digits: of a number (`+` and digits) or an extension."""

    kind: RouteKind
    text: str
    uri: SipUri | TelUri | None = None
    digits: str = ""


def read_route(text: str) -> Route:
    """A SIP or SIPS URI, a tel URI, an E.164 number or an extension. Raises Refusal; a route holds no variables and
    no headers."""
    if not text.strip():
        raise Refusal("route-missing", "A transfer needs a route: an address, a number or an extension. Try 5001")
    if len(text) > LONGEST_URI:
        raise Refusal("uri-long", f"A route has {LONGEST_URI} octets at most, this one {len(text)} characters")
    if list_variables(text):
        raise Refusal("route-variable", "A route has no variables. Write %24 for a dollar sign in an address")
    scheme = text.partition(":")[0].lower()
    if scheme in ("sip", "sips"):
        return Route(kind=RouteKind.SIP, text=text, uri=_without_headers(read_sip_uri(text)))
    if scheme == "tel":
        return Route(kind=RouteKind.TEL, text=text, uri=read_tel_uri(text))
    if text.startswith("+"):
        return Route(kind=RouteKind.NUMBER, text=text, digits=read_e164(text))
    if set(text) <= USED_AS_EXTENSION:
        return Route(kind=RouteKind.EXTENSION, text=text, digits=read_extension(text))
    raise _explain(text)


def _without_headers(uri: SipUri) -> SipUri:
    if uri.headers:
        raise Refusal("route-headers", "Headers behind ? go into the list of SIP headers. End the address before the ?")
    if uri.param("method") not in (None, "invite"):
        raise Refusal("route-method", "A transfer calls its target. Leave out ;method=")
    return uri


def _explain(text: str) -> Refusal:
    quoted = shorten(text)
    if "<" in text or '"' in text:
        return Refusal("uri-brackets", "Write the address alone: < > and the display name are added on the wire")
    if text != text.strip():
        return Refusal("route-space", f"Spaces stand around the route. Try {shorten(text.strip())}")
    scheme, colon, rest = text.partition(":")
    if colon and "@" not in scheme and not rest.isdigit() and not text.startswith("["):
        kind = shorten(scheme)
        return Refusal("route-scheme", f"A transfer goes to sip:, sips: or tel:, not to {kind}:. Try sip:frontdesk@…")
    if any(mark in text for mark in "@.["):
        return Refusal("route-scheme-missing", f"An address begins with sip: or sips:. Try sip:{quoted}")
    return Refusal("route-unknown", f"“{quoted}” is no address, number or extension. Try 5001 or +442079460177")


def find_target(voice: VoiceConfig, *, method: SipMethod, line: LineConfig) -> tuple[Route | None, str]:
    """The route, None where the method or the line has none, and the URI it means. Raises Refusal."""
    if method is SipMethod.BYE:
        return None, ""
    if line.hides_route:
        return None, line_target(line)
    route = read_route(voice.route)
    return route, resolve_target(route, method=method, line=line)


def resolve_target(route: Route, *, method: SipMethod, line: LineConfig) -> str:
    """The URI a route means, without angle brackets. Raises Refusal where the line lacks the domain it takes.

    SIP URIs go out as they are. In a REFER tel URIs do too, byte for byte: carriers compare them (RFC 3966). An INVITE
    needs a host, so there they become the user part at the line's domain (RFC 3261, section 19.1.6). Numbers
    go to a trunk as `sip:…;user=phone`, to a Twilio number as `tel:`; extensions to the line's domain.
    """
    if route.kind is RouteKind.SIP:
        return str(route.uri)
    if isinstance(route.uri, TelUri):
        return route.text if method is SipMethod.REFER else _at_domain(route.uri.plain[4:], line, is_phone=True)
    if route.kind is RouteKind.EXTENSION:
        return _at_domain(route.digits, line, is_phone=False)
    if method is SipMethod.REFER and (line.kind is LineKind.TWILIO_NUMBER or not line.domain):
        return f"tel:{route.digits}"
    return _at_domain(route.digits, line, is_phone=True)


def _at_domain(user: str, line: LineConfig, *, is_phone: bool) -> str:
    if not line.domain:
        raise Refusal("line-domain", f"{shorten(user)} is dialled at the line's domain, and the line has none. Add one")
    return f"sip:{escape_user(user)}@{read_domain(line)}{';user=phone' if is_phone else ''}"


def read_domain(line: LineConfig) -> str:
    """The line's domain, checked. Raises Refusal."""
    read_host_and_port(line.domain)
    return line.domain


def line_target(line: LineConfig) -> str:
    """Where a transfer goes on a line that does the routing itself: its domain. Raises Refusal."""
    if not line.domain:
        raise Refusal("line-domain", "The line routes by itself but has no domain. Add one to the line")
    return f"sip:{read_domain(line)}"
