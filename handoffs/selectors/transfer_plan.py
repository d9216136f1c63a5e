"""The transfer plan of a voice handoff, for the platform that carries it out."""

from collections.abc import Mapping
from typing import Any

from handoffs.domain.config import DestinationConfig
from handoffs.domain.destinations import choose_line
from handoffs.domain.sip.plan import CallArguments, TransferPlan, plan_transfer
from handoffs.domain.sip.voice import Encryption, SipMethod
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.selectors.wire_preview import read_facts
from handoffs.selectors.working_copy import read_lines

# RFC 4566, section 5.14, and RFC 3711, section 12.
MEDIA_PROFILES: Mapping[Encryption | None, str] = {
    Encryption.TLS_SRTP: "RTP/SAVP",
    Encryption.UDP_RTP: "RTP/AVP",
}


def read_transfer_plan(handoff: Handoff, *, arguments: CallArguments) -> dict[str, Any] | None:
    """Return the plan in JSON form; None where the handoff went to a destination without a voice route."""
    destination = read_config(handoff.snapshot_hash).destination(handoff.destination_key)
    if destination is None or destination.voice is None:
        return None
    return describe_plan(_plan(handoff, destination, arguments))


def describe_plan(plan: TransferPlan) -> dict[str, Any]:
    """What a platform needs to send the request. With a problem it must not be sent."""
    return {
        "method": plan.method.value.upper(),
        "request_uri": plan.target if plan.method is SipMethod.INVITE else "",
        "refer_to": plan.refer_to if plan.method is SipMethod.REFER else "",
        "transport": plan.transport.value,
        "media_profile": MEDIA_PROFILES.get(plan.encryption),
        "headers": [{"name": one.name, "value": one.value, "place": one.place.value} for one in plan.sent],
        "problems": [lint.sentence for lint in plan.problems],
        "warnings": [lint.sentence for lint in plan.warnings],
    }


def _plan(handoff: Handoff, destination: DestinationConfig, arguments: CallArguments) -> TransferPlan:
    conversation = handoff.conversation
    lines = read_lines(project=handoff.project, environment=handoff.environment)
    return plan_transfer(
        destination=destination,
        line=choose_line(destination.voice.line if destination.voice else "", lines),
        arguments=arguments,
        variables=read_facts(conversation, handoff.project, masked=False).variables,
    )
