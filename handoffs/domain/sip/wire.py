"""The bytes of a transfer: REFER, INVITE or BYE, line by line, with who set each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from handoffs.domain.sip.dialog import Dialog
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.plan import TransferPlan


class WireOrigin(StrEnum):
    """Who set a line."""

    PROTOCOL = "protocol"
    DESTINATION = "destination"
    CALL = "call"
    INCOMPLETE = "incomplete"  # a header that is left out: shown, not sent


@dataclass(frozen=True, slots=True)
class WireLine:
    """A line without its CRLF. name: of the header, empty for the start line and the body; is_body: after the empty
    line, which is not in the list; value: what stands behind the name."""

    text: str
    origin: WireOrigin
    name: str = ""
    value: str = ""
    is_body: bool = False

    @property
    def is_sent(self) -> bool:
        return self.origin is not WireOrigin.INCOMPLETE


def render_wire(plan: TransferPlan, dialog: Dialog) -> tuple[WireLine, ...]:
    """The request of the plan in the dialog, in order, with the headers that are left out."""
    raise NotImplementedError


def encode(lines: Iterable[WireLine]) -> bytes:
    """The message: UTF-8, CRLF. Raises Refusal for a line that would not be one line."""
    raise NotImplementedError


def describe_size(lines: Iterable[WireLine], plan: TransferPlan) -> Lint:
    """How many octets the message has and whether it fits one UDP packet."""
    raise NotImplementedError
