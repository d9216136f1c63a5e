"""The transfer plan: what a destination, the arguments of the call and the conversation's state come to.

Pure and complete: whoever executes a transfer takes a plan and decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip import advice
from handoffs.domain.sip.findings import Lint, Refusal, Severity
from handoffs.domain.sip.header_plan import HeaderArguments, HeaderState, Origin, PlannedHeader, merge_headers
from handoffs.domain.sip.headers import count_octets, place_of
from handoffs.domain.sip.lines import caller_of, domain_of, malformed_parts
from handoffs.domain.sip.route import Route, find_target
from handoffs.domain.sip.uris import write_headers
from handoffs.domain.sip.voice import Encryption, HeaderPlace, LineConfig, SipMethod, Transport, VoiceConfig

__all__ = ["CallArguments", "HeaderState", "Origin", "PlannedHeader", "TransferPlan", "plan_transfer"]

# What is left of the 1300 octets above which UDP gives way to TCP (RFC 3261, section 18.1.1) after the other lines.
MOST_OCTETS_BY_UDP = 900


@dataclass(frozen=True, slots=True)
class CallArguments:
    """What was given when the transfer was called; it goes before the destination's own. headers: plain values by
    name, or pairs in order; any JSON value, None leaves the header out; `$` in them is a dollar sign."""

    reason: str = ""
    utterance: str = ""
    route: str = ""
    headers: HeaderArguments = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """A transfer as it would be done. destination: its key; target: the URI without angle brackets, empty for BYE or
    with a problem; encryption: of an INVITE, None otherwise; transport: how the request goes out; domain, caller: of
    the line; headers: in order, with those left out; problems: with any of these the transfer must not be tried;
    warnings: everything else to know. Subjects are `route`, `method`, `utterance`, `encryption`, `headers`, `line`,
    or a header's name."""

    destination: str
    method: SipMethod
    target: str
    target_origin: Origin
    encryption: Encryption | None
    transport: Transport
    domain: str
    caller: str
    reason: str
    utterance: str
    headers: tuple[PlannedHeader, ...]
    problems: tuple[Lint, ...]
    warnings: tuple[Lint, ...]

    @property
    def sent(self) -> tuple[PlannedHeader, ...]:
        return tuple(header for header in self.headers if header.is_sent)

    @property
    def refer_to(self) -> str:
        """The target with the headers it carries, escaped."""
        carried = write_headers(tuple((h.name, h.value) for h in self.sent if h.place is not HeaderPlace.REQUEST))
        return f"{self.target}?{carried}" if carried else self.target

    @property
    def header_octets(self) -> int:
        """What the headers take on the wire, in the request and in the target."""
        on_request = ((h.name, h.value) for h in self.sent if h.place is not HeaderPlace.REFER_TO)
        return count_octets(on_request) + len(self.refer_to) - len(self.target)


def plan_transfer(
    *,
    destination: DestinationConfig,
    line: LineConfig,
    arguments: CallArguments,
    variables: Mapping[str, object],
) -> TransferPlan:
    """The plan of a transfer to a destination with a voice route; Refusal without one. variables: what
    `merge_variables` gave; `$destination` and `$reason` are set here."""
    if (voice := destination.voice) is None:
        raise Refusal("voice-missing", f"{destination.name} has no voice route. Add one, or choose another destination")
    known = {**variables, "destination": destination.key}
    known |= {"reason": arguments.reason} if arguments.reason else {}
    asked = replace(voice, route=arguments.route) if arguments.route else voice
    utterance = arguments.utterance or destination.utterance
    route, target, problems = _find_target(asked, line)
    place = place_of(method=voice.method, target=target, line=line)
    merged = merge_headers(voice.headers, arguments.headers, variables=known, line=line, place=place)
    lints = [lint for each in merged for lint in each.lints]
    plan = TransferPlan(
        destination=destination.key,
        method=voice.method,
        target=target,
        target_origin=Origin.CALL if arguments.route and _takes_route(voice, line) else Origin.DESTINATION,
        encryption=voice.encryption if voice.method is SipMethod.INVITE else None,
        transport=_choose_transport(voice, line),
        domain=domain_of(line),
        caller=caller_of(line),
        reason=arguments.reason,
        utterance=utterance,
        headers=tuple(each.header for each in merged),
        problems=(*problems, *_line_problems(line), *(lint for lint in lints if lint.severity is Severity.PROBLEM)),
        warnings=(),
    )
    said = (lint for lint in lints if lint.severity is not Severity.PROBLEM)
    return replace(plan, warnings=(*_advise(plan, voice, route, line, arguments), *said, *_advise_on_size(plan)))


def _find_target(voice: VoiceConfig, line: LineConfig) -> tuple[Route | None, str, tuple[Lint, ...]]:
    try:
        return *find_target(voice, method=voice.method, line=line), ()
    except Refusal as refusal:
        return None, "", (refusal.about("route"),)


def _takes_route(voice: VoiceConfig, line: LineConfig) -> bool:
    return voice.method is not SipMethod.BYE and not line.hides_route


def _line_problems(line: LineConfig) -> Iterator[Lint]:
    return (replace(lint, subject="line") for lint in malformed_parts(line))


def _choose_transport(voice: VoiceConfig, line: LineConfig) -> Transport:
    if voice.method is not SipMethod.INVITE:
        return line.transport
    return Transport.TLS if voice.encryption is Encryption.TLS_SRTP else Transport.UDP


def _advise(
    plan: TransferPlan, voice: VoiceConfig, route: Route | None, line: LineConfig, arguments: CallArguments
) -> Iterator[Lint]:
    yield from advice.advise_on_method(plan.method, line=line)
    yield from advice.advise_on_utterance(plan.utterance, method=plan.method)
    if route:
        yield from advice.advise_on_route(route, method=plan.method, encryption=voice.encryption)
    if arguments.route and not _takes_route(voice, line):
        yield Lint("route-unused", "route", "The call names a route, but this transfer takes none", Severity.NOTE)
    if plan.sent:
        yield from advice.advise_on_place(plan.target, method=plan.method, line=line)
    if line.hides_headers:
        yield from advice.advise_on_hidden_headers(len(plan.headers))
    for header in plan.sent:
        yield from advice.advise_on_name(header.name, line=line, subject=header.name)


def _advise_on_size(plan: TransferPlan) -> Iterator[Lint]:
    if plan.transport is Transport.UDP and (size := plan.header_octets) > MOST_OCTETS_BY_UDP:
        sentence = f"{size:,} octets of headers are too many for one UDP packet. UDP will switch to TCP"
        yield Lint("udp-size", "headers", sentence)
