"""What a telephony line must be to be sent by."""

from collections.abc import Callable, Iterator

from handoffs.domain.sip.findings import Lint, Refusal
from handoffs.domain.sip.grammar import read_header_name
from handoffs.domain.sip.uris import read_host_and_port, read_sip_uri
from handoffs.domain.sip.voice import LineConfig, LineKind

NO_DOMAIN = "handoff.invalid"  # RFC 2606: nobody's, where a line names no domain of its own


def domain_of(line: LineConfig) -> str:
    """The line's host and port, empty where it has none that can be."""
    return "" if any(_refused("domain", read_host_and_port, line.domain)) else line.domain


def caller_of(line: LineConfig) -> str:
    """Our own URI on the line."""
    is_usable = line.caller and not any(_refused("caller", _read_caller, line.caller))
    return line.caller if is_usable else f"sip:ai@{domain_of(line) or NO_DOMAIN}"


def check_line(line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before a line is saved: subjects `domain`, `caller`, `allowed_headers`."""
    missing = Refusal("line-domain", "A trunk needs the host of its SBC. Try sbc.example.com, or sbc.example.com:5061")
    needs_domain = line.kind is LineKind.SIP_TRUNK and not line.domain
    return (*([missing.about("domain")] if needs_domain else []), *malformed_parts(line))


def malformed_parts(line: LineConfig) -> Iterator[Lint]:
    """What is filled in but cannot be right."""
    yield from _refused("domain", read_host_and_port, line.domain)
    yield from _refused("caller", _read_caller, line.caller)
    for name in line.allowed_headers:
        yield from _refused("allowed_headers", read_header_name, name)


def _refused(subject: str, read: Callable[[str], object], text: str) -> Iterator[Lint]:
    try:
        if text:
            read(text)
    except Refusal as refusal:
        yield refusal.about(subject)


def _read_caller(text: str) -> None:
    if read_sip_uri(text).headers:
        raise Refusal("caller-headers", "Our own address has no headers. End it before the ?")
