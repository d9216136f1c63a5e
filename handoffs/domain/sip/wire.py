"""The bytes of a transfer: REFER, INVITE or BYE, line by line, with who set each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from handoffs.domain.sip.dialog import Dialog
from handoffs.domain.sip.findings import Lint, Refusal, Severity
from handoffs.domain.sip.grammar import SURROGATE, UNSAFE, is_token, octets
from handoffs.domain.sip.plan import PlannedHeader, TransferPlan
from handoffs.domain.sip.sdp import write_offer
from handoffs.domain.sip.uris import read_host_and_port
from handoffs.domain.sip.voice import HeaderPlace, SipMethod, Transport

LARGEST_UDP = 1300  # octets (RFC 3261, section 18.1.1)
MAX_FORWARDS = 70


class WireOrigin(StrEnum):
    """Who set a line."""

    PROTOCOL = "protocol"
    DESTINATION = "destination"
    CALL = "call"
    INCOMPLETE = "incomplete"  # left out: shown, not sent


@dataclass(frozen=True, slots=True)
class WireLine:
    """A line without its CRLF. name: of the header, empty for the start line and the body; value: what stands behind
    the name; is_body: after the empty line, which is not in the list; is_needed: without it there is no message."""

    text: str
    origin: WireOrigin
    name: str = ""
    value: str = ""
    is_body: bool = False
    is_needed: bool = True

    @property
    def is_sent(self) -> bool:
        return self.origin is not WireOrigin.INCOMPLETE


def render_wire(plan: TransferPlan, dialog: Dialog) -> tuple[WireLine, ...]:
    """The request of the plan in the dialog, in order, with what is left out: headers, and the target of a plan that
    has none. An INVITE opens the dialog, the others are sent inside it."""
    body = tuple(_body(plan, dialog))
    return (
        _start_line(plan, dialog),
        *_dialog_lines(plan, dialog),
        *_target_lines(plan, dialog),
        *(_header_line(header) for header in plan.headers if _is_shown(header)),
        *_content_lines(body),
        *body,
    )


def _start_line(plan: TransferPlan, dialog: Dialog) -> WireLine:
    if plan.method is not SipMethod.INVITE:
        return WireLine(f"{plan.method.upper()} {dialog.remote_target} SIP/2.0", WireOrigin.PROTOCOL)
    return WireLine(f"INVITE {plan.target} SIP/2.0", _target_origin(plan))


def _target_origin(plan: TransferPlan) -> WireOrigin:
    return WireOrigin(plan.target_origin) if plan.target else WireOrigin.INCOMPLETE


def _dialog_lines(plan: TransferPlan, dialog: Dialog) -> Iterator[WireLine]:
    to_origin = _target_origin(plan) if plan.method is SipMethod.INVITE else WireOrigin.PROTOCOL
    yield _line("Via", f"SIP/2.0/{dialog.transport.upper()} {dialog.address};branch={dialog.branch}")
    yield from (_line("Route", f"<{route}>") for route in dialog.routes)
    yield _line("Max-Forwards", str(MAX_FORWARDS))
    yield _line("From", _with_tag(dialog.local_uri, dialog.local_tag))
    yield _line("To", _with_tag(dialog.remote_uri, dialog.remote_tag), to_origin)
    yield _line("Call-ID", dialog.call_id)
    yield _line("CSeq", f"{dialog.sequence} {plan.method.upper()}")


def _with_tag(uri: str, tag: str) -> str:
    return f"<{uri}>;tag={tag}" if tag else f"<{uri}>"


def _target_lines(plan: TransferPlan, dialog: Dialog) -> Iterator[WireLine]:
    if plan.method is not SipMethod.BYE:
        yield _line("Contact", f"<sip:{dialog.address};transport={dialog.transport}>")
    if plan.method is SipMethod.REFER:
        yield _line("Refer-To", f"<{plan.refer_to}>", _target_origin(plan))
        yield _line("Referred-By", f"<{dialog.local_uri}>")


def _is_shown(header: PlannedHeader) -> bool:
    return not header.is_sent or header.place is not HeaderPlace.REFER_TO


def _header_line(header: PlannedHeader) -> WireLine:
    origin = WireOrigin(header.origin) if header.is_sent else WireOrigin.INCOMPLETE
    return _line(header.name, header.value, origin, is_needed=False)


def _line(name: str, value: str, origin: WireOrigin = WireOrigin.PROTOCOL, *, is_needed: bool = True) -> WireLine:
    return WireLine(f"{name}: {value}".rstrip(" "), origin, name=name, value=value, is_needed=is_needed)


def _body(plan: TransferPlan, dialog: Dialog) -> Iterator[WireLine]:
    if plan.encryption:
        host, _ = read_host_and_port(dialog.address)
        for text in write_offer(host=host, encryption=plan.encryption):
            yield WireLine(text, WireOrigin.PROTOCOL, is_body=True)


def _content_lines(body: tuple[WireLine, ...]) -> Iterator[WireLine]:
    if body:
        yield _line("Content-Type", "application/sdp")
    yield _line("Content-Length", str(sum(octets(line.text) + 2 for line in body)))


def encode(lines: Iterable[WireLine]) -> bytes:
    """The message: UTF-8, CRLF, without what is left out. Raises Refusal for a line that would not stay one line,
    whoever wrote it, and for a message that lacks its target."""
    kept = [line for line in lines if _is_encodable(line)]
    head = [line.text for line in kept if not line.is_body]
    body = [line.text for line in kept if line.is_body]
    return "".join(f"{text}\r\n" for text in (*head, "", *body)).encode()


def _is_encodable(line: WireLine) -> bool:
    if not line.is_sent:
        if line.is_needed:
            raise Refusal("wire-incomplete", "The transfer has no target. Mend the route first")
        return False
    if UNSAFE.search(line.text) or SURROGATE.search(line.text):
        raise Refusal("wire-control", "A line of the message holds a line break or a control character")
    if line.name and not (is_token(line.name) and line.text.startswith(f"{line.name}:")):
        raise Refusal("wire-name", "A line of the message does not begin with the name of its header")
    if not line.text or line.text[0] in " \t":
        raise Refusal("wire-fold", "A line of the message is empty or would continue the one before")
    return True


def describe_size(lines: Iterable[WireLine], plan: TransferPlan) -> Lint:
    """How many octets the message has and whether it fits one UDP packet, where it goes by UDP."""
    size = len(encode(line for line in lines if line.is_sent))
    if plan.transport is not Transport.UDP:
        return Lint("size", "headers", f"{size:,} octets by {plan.transport.upper()}", Severity.NOTE)
    if size <= LARGEST_UDP:
        return Lint("size", "headers", f"{size:,} octets, fits one UDP packet", Severity.NOTE)
    return Lint("udp-size", "headers", f"{size:,} octets are too many for one UDP packet. UDP will switch to TCP")
