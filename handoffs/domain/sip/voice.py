"""The configured voice side of a destination, and the telephony line it leaves by."""

from dataclasses import dataclass
from enum import StrEnum


class SipMethod(StrEnum):
    """How a call leaves: RFC 3515, RFC 3261 section 13, RFC 3261 section 15."""

    REFER = "refer"
    INVITE = "invite"
    BYE = "bye"


class Encryption(StrEnum):
    """Of an INVITE's own leg; the others leave it to the SBC."""

    TLS_SRTP = "tls_srtp"
    UDP_RTP = "udp_rtp"


class MissingVariable(StrEnum):
    """What becomes of a header when one of its variables has no value."""

    DROP = "drop"  # leave the header out
    EMPTY = "empty"  # put nothing in the variable's place
    REFUSE = "refuse"  # do not transfer


@dataclass(frozen=True, slots=True)
class HeaderConfig:
    """One SIP header of a destination; the value may hold `$variables`."""

    name: str
    value: str
    when_missing: MissingVariable = MissingVariable.DROP


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    """The voice route. route: SIP/SIPS URI, tel URI, E.164 number or extension, empty for BYE; encryption counts
    for INVITE only; line: key of the telephony line it leaves by, empty for the project's first."""

    method: SipMethod = SipMethod.REFER
    route: str = ""
    encryption: Encryption = Encryption.TLS_SRTP
    headers: tuple[HeaderConfig, ...] = ()
    line: str = ""


class LineKind(StrEnum):
    """What a telephony line is."""

    SIP_TRUNK = "sip_trunk"
    TWILIO_NUMBER = "twilio_number"


class Transport(StrEnum):
    """How signalling reaches the trunk."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class HeaderPlace(StrEnum):
    """Where a REFER carries the headers: on the request, escaped in the Refer-To URI so that the referee copies
    them into its INVITE (RFC 3261 section 19.1.1), or both."""

    REQUEST = "request"
    REFER_TO = "refer_to"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class LineConfig:
    """A telephony connection a voice destination leaves by, and what it constrains.

    domain: host or host:port of the SBC, what extensions and numbers are addressed at; number: E.164, of a Twilio
    number only; caller: our own SIP URI (From, Referred-By), empty for `sip:ai@` and the domain; required_method:
    the only one it accepts, None for any; allowed_headers: names it takes though they do not start with `X-`, or
    though they are trust names.
    """

    key: str = ""
    name: str = ""
    kind: LineKind = LineKind.SIP_TRUNK
    domain: str = ""
    transport: Transport = Transport.TLS
    number: str = ""
    caller: str = ""
    required_method: SipMethod | None = None
    hides_route: bool = False
    hides_headers: bool = False
    header_place: HeaderPlace = HeaderPlace.REQUEST
    requires_x_prefix: bool = True
    allowed_headers: tuple[str, ...] = ()
