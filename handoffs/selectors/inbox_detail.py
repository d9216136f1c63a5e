"""What is known beside a conversation: its handoff, the customer, what was before, how it can be closed."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.evidence import explain_evidence
from conversations.domain.frames import MASK
from conversations.models import Conversation, CustomerIdentity
from handoffs.domain.config import ProjectConfig
from handoffs.domain.inbox import Viewer
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config

EARLIER = 5
FINDINGS: Mapping[str, tuple[bool, str | Promise]] = {
    "queue_on": (True, _("switched on")),
    "queue_off": (False, _("switched off")),
    "client_app": (True, _("the customer's app takes it")),
    "desk": (True, _("another desk takes it")),
    "no_text_route": (False, _("takes calls only")),
    "closed_ai": (False, _("closed, the AI carries on")),
    "closed_message": (False, _("closed, a message is taken")),
    "closed_fallback": (False, _("closed")),
}
IDENTITY_LABELS = {"email": "Email", "sms": "Phone", "phone": "Phone", "whatsapp": "WhatsApp"}


def read_detail(*, conversation: Conversation, viewer: Viewer) -> dict[str, Any]:
    """Return `{dispositions, handoff, customer, earlier}`; handoff is None before the first one.

    Personal data is masked without `pii.view`.
    """
    handoffs = _handoffs(conversation)
    current = next((item for item in handoffs if item.pk == _current_id(conversation)), None)
    config = read_config(current.snapshot_hash if current else "")
    queue = config.queue(current.queue_key) if current else None
    return {
        "dispositions": [{"code": item.code, "label": item.label} for item in queue.dispositions] if queue else [],
        "handoff": _handoff(current, config, viewer) if current else None,
        "customer": {"facts": _facts(conversation, viewer)},
        "earlier": [_episode(item) for item in handoffs if item is not current][:EARLIER],
    }


def _current_id(conversation: Conversation) -> uuid.UUID | None:
    # Read back from an event's JSON in the same process, the id may still be text.
    return uuid.UUID(str(conversation.handoff_id)) if conversation.handoff_id else None


def _handoffs(conversation: Conversation) -> list[Handoff]:
    """The customer's newest handoffs, this conversation's current one among them."""
    of_customer = Q(conversation__customer=conversation.customer_id)
    newest = Handoff.objects.filter(of_customer).select_related("agent").order_by("-initiated_at")[: EARLIER + 1]
    found = list(newest)
    if conversation.handoff_id and all(item.pk != _current_id(conversation) for item in found):
        found.append(Handoff.objects.select_related("agent").get(pk=conversation.handoff_id))
    return found


def _handoff(handoff: Handoff, config: ProjectConfig, viewer: Viewer) -> dict[str, Any]:
    evidence: Mapping[str, Any] = handoff.evidence
    said, explained = str(evidence.get("text", "")), explain_evidence(evidence, masked=viewer.masked)
    return {
        "id": handoff.pk,
        "state": handoff.state,
        "is_ticket": handoff.is_ticket,
        "reason": handoff.reason,
        "reason_label": config.reason_label(handoff.reason),
        "trigger": handoff.trigger,
        "utterance": MASK if viewer.masked and handoff.utterance else handoff.utterance,
        "destination": handoff.destination_key,
        "destination_name": handoff.destination_name,
        "release": handoff.release_number,
        "initiated_at": handoff.initiated_at,
        "accepted_at": handoff.joined_at,
        "data": {_asked_as(key, config): MASK if viewer.masked else value for key, value in handoff.data.items()},
        "missing": [_asked_as(name, config) for name in handoff.context.get("missing", ())],
        "required": len(handoff.context.get("required", ())),
        "evidence": MASK if viewer.masked and said else said,
        "score": evidence.get("score"),
        "threshold": evidence.get("threshold"),
        "explanation": list(explained.sentences),
        "counted": list(explained.counted),
        "rules": [_rule(item, config) for item in handoff.trace.get("route", ())],
    }


def _rule(considered: Mapping[str, str], config: ProjectConfig) -> dict[str, Any]:
    destination = config.destination(considered["destination"])
    met, words = FINDINGS.get(considered["finding"], (False, considered["finding"]))
    return {
        "label": destination.name if destination else considered["destination"],
        "met": met,
        "values": str(words),
    }


def _facts(conversation: Conversation, viewer: Viewer) -> dict[str, str]:
    addresses = CustomerIdentity.objects.filter(customer=conversation.customer_id).order_by("channel")
    facts = {IDENTITY_LABELS[item.channel]: item.address for item in addresses if item.channel in IDENTITY_LABELS}
    named = {"Name": conversation.customer.name} if conversation.customer.name else {}
    known = {**named, **{_label(key): str(value) for key, value in conversation.customer.attributes.items()}, **facts}
    return dict.fromkeys(known, MASK) if viewer.masked else known


def _episode(handoff: Handoff) -> dict[str, Any]:
    return {
        "conversation_id": handoff.conversation_id,
        "title": read_config(handoff.snapshot_hash).reason_label(handoff.reason) or _label(handoff.reason),
        "by_ai": handoff.agent is None,
        "agent": handoff.agent.full_name if handoff.agent else "",
        "at": handoff.initiated_at,
    }


def _asked_as(key: str, config: ProjectConfig) -> str:
    """The label the settings have for a field; of what they do not ask for, its key in words."""
    fields = config.settings.collected_fields
    return next((field.label for field in fields if field.key == key), "") or _label(key)


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()
