"""Which headers a destination or a call may set, and how many octets of them."""

from collections.abc import Iterable, Iterator

from handoffs.domain.sip.findings import Lint, Refusal
from handoffs.domain.sip.grammar import octets, read_header_name, read_header_value
from handoffs.domain.sip.voice import HeaderConfig, HeaderPlace, LineConfig, SipMethod

MOST_HEADERS = 20
MOST_OCTETS = 4096

# Written by the studio or the stack: whoever sets one breaks the dialog or somebody's authentication. "Body" is
# no header, but in a URI it stands for the message body (RFC 3261, section 19.1.1).
RESERVED = frozenset(
    """accept accept-encoding accept-language allow allow-events authentication-info authorization body call-id contact
    cseq date event expires from identity identity-info join max-forwards mime-version min-expires min-se path
    proxy-authenticate proxy-authorization proxy-require rack record-route refer-sub refer-to referred-by replaces
    require route rseq service-route session-expires subscription-state supported target-dialog to unsupported via
    www-authenticate""".split()
)
RESERVED_PREFIX = "content-"
# What networks believe about the caller: only where the line says so.
TRUSTED = frozenset(
    """diversion history-info p-asserted-identity p-preferred-identity privacy remote-party-id
    user-agent""".split()
)
# RFC 3261, section 7.3.3, and the registry: the long name each single letter stands for.
COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "n": "Identity-Info",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}
TWILIO_PREFIX = "x-twilio"


def check_name(name: str, line: LineConfig) -> str:
    """A name that may be set on the line. Raises Refusal."""
    lower = read_header_name(name).lower()
    if lower in COMPACT:
        raise Refusal("header-compact", f"{name} is the short form of {COMPACT[lower]}. Try X-{name.upper()}")
    if lower in RESERVED or lower.startswith(RESERVED_PREFIX):
        raise Refusal("header-reserved", f"{name} is set by the call itself. Try X-{name}")
    if lower.startswith(TWILIO_PREFIX):
        raise Refusal(
            "header-twilio", f"X-Twilio names belong to Twilio, which refuses them. Try X-{name[8:].strip('-')}"
        )
    if lower in TRUSTED and not is_allowed(name, line):
        raise Refusal("header-trust", f"{name} says who the caller is. Allow it on the line first, or try X-{name}")
    return name


def is_allowed(name: str, line: LineConfig) -> bool:
    return name.lower() in {allowed.lower() for allowed in line.allowed_headers}


def lacks_prefix(name: str, line: LineConfig) -> bool:
    """Whether the line may drop the header for want of `X-`."""
    return line.requires_x_prefix and not name.lower().startswith("x-") and not is_allowed(name, line)


def header_octets(name: str, value: str) -> int:
    """What a header takes on the wire, with its colon, space and line end."""
    return octets(f"{name}: {value}\r\n")


def check_headers(headers: tuple[HeaderConfig, ...], line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before the headers are saved, at most one problem a field."""
    return (*_check_each(headers, line), *_check_all(headers))


def _check_each(headers: tuple[HeaderConfig, ...], line: LineConfig) -> Iterator[Lint]:
    taken: dict[str, int] = {}
    for index, header in enumerate(headers):
        first = taken.setdefault(header.name.lower(), index)
        try:
            check_name(header.name, line)
            _check_repeat(header.name, first, index)
        except Refusal as refusal:
            yield refusal.about(f"headers[{index}].name")
        try:
            read_header_value(header.value)
        except Refusal as refusal:
            yield refusal.about(f"headers[{index}].value")


def _check_repeat(name: str, first: int, index: int) -> None:
    if first != index:
        raise Refusal("header-twice", f"{name} is already header {first + 1}. Names differ by more than capitals")


def _check_all(headers: tuple[HeaderConfig, ...]) -> Iterator[Lint]:
    if len(headers) > MOST_HEADERS:
        sentence = f"A transfer carries {MOST_HEADERS} headers at most, these are {len(headers)}"
        yield Refusal("headers-many", sentence).about("headers")
    elif (total := count_octets((header.name, header.value) for header in headers)) > MOST_OCTETS:
        sentence = f"All headers together have {MOST_OCTETS:,} octets at most, these {total:,}"
        yield Refusal("headers-long", sentence).about("headers")


def count_octets(headers: Iterable[tuple[str, str]]) -> int:
    """What name and value pairs take on the wire together."""
    return sum(header_octets(name, value) for name, value in headers)


def place_of(*, method: SipMethod, target: str, line: LineConfig) -> HeaderPlace:
    """Where a request to the target carries its headers: only a REFER has a choice, and a tel: address no room."""
    has_room = method is SipMethod.REFER and target[:4].lower() != "tel:"
    return line.header_place if has_room else HeaderPlace.REQUEST
