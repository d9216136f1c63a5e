"""The dialog a request is sent in (RFC 3261, section 12): who speaks with whom, and where."""

from dataclasses import dataclass

from handoffs.domain.sip.plan import TransferPlan
from handoffs.domain.sip.voice import Transport


@dataclass(frozen=True, slots=True)
class Dialog:
    """URIs without angle brackets. remote_tag: empty before the dialog stands, as for an INVITE; remote_target: the
    peer's Contact; routes: the route set in the order it is written; address: our host and port; sequence: of the
    next request; branch: of its Via, with the magic cookie."""

    local_uri: str
    local_tag: str
    remote_uri: str
    remote_tag: str
    remote_target: str
    call_id: str
    sequence: int
    address: str
    branch: str
    transport: Transport
    routes: tuple[str, ...] = ()


def sample_dialog(plan: TransferPlan, *, caller_id: str = "") -> Dialog:
    """A dialog for previews: the same for the same plan and caller, with addresses nobody has (RFC 5737, RFC 2606).
    caller_id: the customer's number in E.164, a made-up one when it is not one."""
    raise NotImplementedError
