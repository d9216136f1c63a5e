"""What a transfer to a destination would put on the wire for a conversation, with who set each line."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.domain.frames import MASK
from conversations.domain.vocabulary import Channel
from conversations.models import Conversation, CustomerIdentity, Project
from conversations.selectors.transcript import customer_name
from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.dialog import SAMPLE_CALLER, sample_dialog
from handoffs.domain.sip.findings import Lint, Severity
from handoffs.domain.sip.headers import MOST_HEADERS, MOST_OCTETS, count_octets
from handoffs.domain.sip.lint import lint_destination
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.variables import (
    BUILT_IN_VARIABLES,
    find_variable,
    flatten,
    list_names,
    merge_variables,
    write_value,
    write_variable,
)
from handoffs.domain.sip.voice import LineConfig
from handoffs.domain.sip.wire import WireLine, describe_size, render_wire

CONVERSATIONS_OFFERED = 20
LONGEST_SHOWN = 60
PERSONAL = re.compile(
    r"e_?mail|phone|mobile|(?:^|[._])name|first_?name|last_?name|address|birth|dob|caller_id", re.IGNORECASE
)
SAMPLES: Mapping[str, object] = {
    "conversation_id": "0197f3a2-5c41-7d0e-9b1f-3a6c2e8d4f10",
    "shared_id": "call-5b1f0c7e",
    "caller_id": SAMPLE_CALLER,
    "called_number": "+442079460142",
    "reason": "needs_human",
    "trigger": "explicit_request",
    "handoff_state": "initiated",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the variables of a preview hold, and whose they are. title: for the menu; is_sample: made-up values;
    is_masked: personal data is hidden from the person who looks."""

    title: str
    variables: Mapping[str, object]
    is_sample: bool = False
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A name a header value may use. written: as it stands in a value; value: in one line, cut; is_personal: about
    the customer."""

    name: str
    written: str
    value: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Wire:
    """lines: of the request, in order, empty without a voice route; lints: problems first; headers, octets: of the
    configured ones."""

    lines: tuple[WireLine, ...]
    lints: tuple[Lint, ...]
    headers: int
    octets: int
    most_headers: int = MOST_HEADERS
    most_octets: int = MOST_OCTETS


def recent_conversations(project: Project, *, environment: str) -> list[Conversation]:
    """The newest conversations a preview can be drawn for, with their customers."""
    rows = Conversation.objects.filter(project=project, environment=environment).select_related("customer")
    return list(rows.order_by("-created_at")[:CONVERSATIONS_OFFERED])


def choose_conversation(conversations: Iterable[Conversation], chosen: str) -> Conversation | None:
    """The one of that id; None for sample values, also for an id that is not offered."""
    return next((item for item in conversations if str(item.pk) == chosen), None)


def read_facts(conversation: Conversation | None, project: Project, *, masked: bool) -> Facts:
    """What the variables hold in the conversation, or made-up values without one."""
    if conversation is None:
        built_in = {**SAMPLES, "project_id": str(project.pk)}
        return Facts(_("Sample values"), merge_variables(built_in=built_in, state={}), is_sample=True)
    state = {**conversation.state, **conversation.handoff_data}
    variables = merge_variables(built_in=_built_in(conversation), state=state)
    name = customer_name(conversation, masked=masked)
    return Facts(name, _mask(variables) if masked else variables, is_masked=masked)


def list_variables_of(facts: Facts) -> list[Variable]:
    """What a header value may name, the built-in ones last; those without a value too."""
    own = [name for name in list_names(facts.variables) if name not in BUILT_IN_VARIABLES]
    return [_variable(name, facts.variables) for name in (*own, *BUILT_IN_VARIABLES)]


def draw_wire(destination: DestinationConfig, *, line: LineConfig, facts: Facts) -> Wire:
    """The request as it would go out now, and everything there is to say about it."""
    if (voice := destination.voice) is None:
        return Wire((), (), 0, 0)
    plan = plan_transfer(destination=destination, line=line, arguments=CallArguments(), variables=facts.variables)
    caller = str(facts.variables.get("caller_id") or "")
    lines = render_wire(plan, sample_dialog(plan, caller_id=caller))
    known = None if facts.is_sample or facts.is_masked else list_names(facts.variables)
    said = (*lint_destination(destination, line=line, known_variables=known), *plan.problems, *plan.warnings)
    # What the plan and the configuration both find is said once.
    lints = {lint.sentence: lint for lint in (*said, describe_size(lines, plan))}
    octets = count_octets((header.name, header.value) for header in voice.headers)
    return Wire(lines, _by_weight(lints.values()), len(voice.headers), octets)


def _by_weight(lints: Iterable[Lint]) -> tuple[Lint, ...]:
    return tuple(sorted(lints, key=lambda lint: list(Severity).index(lint.severity)))


def _built_in(conversation: Conversation) -> dict[str, object]:
    return {
        "conversation_id": str(conversation.pk),
        "shared_id": conversation.shared_id,
        "caller_id": _caller_id(conversation.customer_id),
        "called_number": str(conversation.options.get("called_number", "")),
        "reason": conversation.reason,
        "trigger": conversation.trigger,
        "handoff_state": conversation.handoff_state,
        "project_id": str(conversation.project_id),
        "agent_id": str(conversation.options.get("agent_id", "")),
    }


def _caller_id(customer_id: uuid.UUID) -> str:
    phone = CustomerIdentity.objects.filter(customer_id=customer_id, channel=Channel.PHONE)
    return phone.values_list("address", flat=True).first() or ""


def _mask(variables: Mapping[str, object]) -> dict[str, object]:
    """Without `pii.view` nothing a customer said or is: only what the studio itself calls things."""
    shown = frozenset(BUILT_IN_VARIABLES) - {"caller_id"}
    return {name: value if name in shown or value is None else MASK for name, value in variables.items()}


def _variable(name: str, variables: Mapping[str, object]) -> Variable:
    value = find_variable(name, variables)
    written = "" if value is None else flatten(write_value(value))[:LONGEST_SHOWN]
    # An object tells of itself by the names of its members.
    described = f"{name} {write_value(value)}" if isinstance(value, Mapping) else name
    return Variable(name, write_variable(name), written, PERSONAL.search(described) is not None)
