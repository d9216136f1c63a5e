"""The dialog a request is sent in (RFC 3261, section 12): who speaks with whom, and where."""

import hashlib
from dataclasses import dataclass

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.numbers import read_e164
from handoffs.domain.sip.plan import TransferPlan
from handoffs.domain.sip.voice import SipMethod, Transport

SAMPLE_HOST = "192.0.2.14"  # RFC 5737: nobody's
SAMPLE_DOMAIN = "sbc.example"  # RFC 2606: nobody's
SAMPLE_CALLER = "+447700900123"  # kept free for stories by Ofcom
SAMPLE_SEQUENCE = 3
MAGIC_COOKIE = "z9hG4bK"  # RFC 3261, section 8.1.1.7


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
    """A dialog for previews: the same for the same plan and caller, with addresses nobody has (RFC 5737, RFC 2606)
    where the line names none. caller_id: the customer's number in E.164, a made-up one when it is not one."""
    caller = _read_caller(caller_id)
    peer = f"sip:{caller}@{plan.domain or SAMPLE_DOMAIN}"
    is_new = plan.method is SipMethod.INVITE
    digest = hashlib.sha256(f"{plan.destination}\n{plan.method}\n{caller}".encode("utf-8", "replace")).hexdigest()
    return Dialog(
        local_uri=plan.caller,
        local_tag=digest[:8],
        remote_uri=plan.target if is_new else peer,
        remote_tag="" if is_new else digest[8:16],
        remote_target=plan.target if is_new else peer,
        call_id=f"{digest[16:32]}@{SAMPLE_HOST}",
        sequence=1 if is_new else SAMPLE_SEQUENCE,
        address=f"{SAMPLE_HOST}:{5061 if plan.transport is Transport.TLS else 5060}",
        branch=f"{MAGIC_COOKIE}{digest[32:44]}",
        transport=plan.transport,
    )


def _read_caller(text: str) -> str:
    try:
        return read_e164(text)
    except Refusal:
        return SAMPLE_CALLER
