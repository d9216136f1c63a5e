"""What an inbox shows of the person at it: presence, load, the offer open to them, and what they wrap up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversations.models import Project, User
from handoffs.domain.inbox import Viewer, describe
from handoffs.models import Assignment, Offer, Presence
from handoffs.selectors.agents import read_abilities, read_load
from handoffs.selectors.inbox import read_rows
from handoffs.selectors.inbox_page import CHOICES_OF_PRESENCE, PRESENCE

Facts = dict[str, Any]


def read_agent_desk(*, user: User, project: Project, viewer: Viewer) -> Facts:
    """Return `{presence: {state, reason, since}, load, capacity, offers, wrap_ups}` with native ids and instants.

    Offers and wrap-ups are those of both environments: a person has one capacity. Each carries its conversation's
    described row.
    """
    asked = list(Offer.objects.filter(project=project, agent=user, state="open").order_by("offered_at"))
    wrapped = list(Assignment.objects.filter(project=project, agent=user, state="wrap_up").order_by("wraps_up_until"))
    pending = [offer.conversation_id for offer in asked] + [kept.conversation_id for kept in wrapped]
    rows = {row.conversation_id: describe(row, viewer) for row in read_rows(pending)} if pending else {}
    return {
        "presence": _presence(user, project),
        "load": read_load(project_id=project.pk, agent_id=user.pk).weight,
        "capacity": read_abilities(project_id=project.pk, agent_id=user.pk).limits.capacity,
        "offers": [_offer(offer, rows[offer.conversation_id]) for offer in asked],
        "wrap_ups": [_wrap_up(kept, rows[kept.conversation_id]) for kept in wrapped],
    }


def describe_agent(facts: Mapping[str, Any]) -> Facts:
    """Return the facts with what the page's templates draw of them: `presence` with words and choices, `is_full`."""
    said = facts["presence"]
    dot, label = PRESENCE[said["state"]]
    choices = [
        {"state": name, "dot": PRESENCE[name][0], "label": PRESENCE[name][1], "chosen": name == said["state"]}
        for name in CHOICES_OF_PRESENCE
    ]
    return {
        **facts,
        "presence": {**said, "dot": dot, "label": label, "choices": choices},
        "is_full": facts["load"] >= facts["capacity"],
    }


def _presence(user: User, project: Project) -> Facts:
    said = Presence.objects.filter(user=user, project=project).first()
    if said is None:
        return {"state": "offline", "reason": "", "since": None}
    return {"state": said.state, "reason": said.reason, "since": said.since}


def _offer(offer: Offer, row: Mapping[str, Any]) -> Facts:
    return {
        "id": offer.pk,
        "offered_at": offer.offered_at,
        "expires_at": offer.expires_at,
        "weight": offer.weight,
        **_who(row),
        "waiting_since": row["waiting_since"],
    }


def _wrap_up(assignment: Assignment, row: Mapping[str, Any]) -> Facts:
    until: datetime | None = assignment.wraps_up_until
    return {"until": until, **_who(row)}


def _who(row: Mapping[str, Any]) -> Facts:
    names = ("conversation_id", "name", "channel", "environment", "queue", "reason", "reason_label", "reason_urgent")
    return {name: row[name] for name in names}
