"""The transfer plan: what a destination, the arguments of the call and the conversation's state come to.

Pure and complete: whoever executes a transfer takes a plan and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.voice import Encryption, HeaderPlace, LineConfig, SipMethod, Transport


class Origin(StrEnum):
    """Who set a part of the plan."""

    DESTINATION = "destination"
    CALL = "call"


class HeaderState(StrEnum):
    """Whether a header goes out."""

    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class CallArguments:
    """What was given when the transfer was called; it goes before the destination's own. headers: plain values by
    name, or pairs in order; any JSON value, None leaves the header out; `$` in them is a dollar sign."""

    reason: str = ""
    utterance: str = ""
    route: str = ""
    headers: Mapping[str, object] | Sequence[tuple[str, object]] = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class PlannedHeader:
    """A header of the transfer. value: expanded, in one line; place: where a REFER carries it, `request` otherwise;
    why: the code of the reason it was dropped, empty when it is sent."""

    name: str
    value: str
    origin: Origin
    place: HeaderPlace = HeaderPlace.REQUEST
    state: HeaderState = HeaderState.SENT
    why: str = ""


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """A transfer as it would be done. target: the URI without angle brackets, empty for BYE; encryption: of an
    INVITE, None otherwise; transport: how the request goes out; domain, caller: of the line; headers: in order, with
    those left out; problems: with any of these the transfer must not be tried; warnings: everything else to know."""

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


def plan_transfer(
    *,
    destination: DestinationConfig,
    line: LineConfig,
    arguments: CallArguments,
    variables: Mapping[str, object],
) -> TransferPlan:
    """The plan for a destination with a voice route. variables: what `merge_variables` gave."""
    raise NotImplementedError
