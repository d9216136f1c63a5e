"""What the Conversations API tells of one conversation: v3 as published, v4 with the handoff as an object."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversations.domain.frames import timestamp_of
from conversations.domain.turns import PUBLISHED_STATES, Turn, build_turns, handoff_times, seconds_with_ai
from conversations.domain.vocabulary import Channel
from conversations.models import Outcome, Project
from conversations.selectors.conversations import Told

# Published names where there is one, in the same style where there is none.
CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.WEB_CHAT: "WEBCHAT",
    Channel.CHAT_API: "CHAT",
    Channel.PHONE: "VOICE-SIP",
    Channel.SMS: "SMS",
    Channel.WHATSAPP: "WHATSAPP",
    Channel.EMAIL: "EMAIL",
}


def conversation_v3(told: Told, project: Project, *, now: datetime, has_latency: bool) -> dict[str, Any]:
    """Every published field; empty text, 0, `{}` and `[]` where there is nothing to tell."""
    row, turns = told.conversation, build_turns(told.moments)
    until = row.ended_at or now
    return {
        "id": str(row.pk),
        "account_id": str(project.account_id),
        "project_id": str(project.pk),
        "variant_id": str(row.options.get("variant_id", "")),
        "variant_name": "",
        "environment": row.environment,
        "started_at": timestamp_of(row.created_at),
        "channel": CHANNEL_NAMES[Channel(row.channel)],
        "from_number": told.from_number,
        "to_number": "",
        "in_progress": row.ended_at is None,
        "num_turns": len(turns),
        "total_duration": round((until - row.created_at).total_seconds()),
        "polyai_duration": round(seconds_with_ai(told.moments, until=until)),
        "handoff": row.handoff_id is not None,
        "handoff_reason": row.reason,
        "handoff_destination": row.destination_key,
        "num_silences": 0,
        "num_ood": sum(not turn.understood for turn in turns),
        "metrics": {},
        "state": row.state,
        "turns": [_turn(turn, has_latency=has_latency) for turn in turns],
    }


def conversation_v4(told: Told, project: Project, *, now: datetime, has_latency: bool) -> dict[str, Any]:
    """As v3, with the current handoff as an object, and what is ours: shared id, end, outcome."""
    row = told.conversation
    told_v3 = conversation_v3(told, project, now=now, has_latency=has_latency)
    del told_v3["handoff_reason"], told_v3["handoff_destination"]
    return {
        **told_v3,
        "shared_id": row.shared_id,
        "ended_at": _instant(row.ended_at),
        "handoff": _handoff(told) if row.handoff_id else None,
        "outcome": _outcome(told.outcome) if told.outcome else None,
    }


def _turn(turn: Turn, *, has_latency: bool) -> dict[str, Any]:
    latency = {"latency": turn.latency} if has_latency else {}
    return {
        "user_input": turn.user_input,
        "user_input_dtmf": "",
        "user_input_datetime": _instant(turn.user_input_at),
        "agent_response": turn.agent_response,
        "agent_response_datetime": _instant(turn.agent_response_at),
        **latency,
        "translated_user_input": "",
        "english_agent_response": "",
        "intents": list(turn.topics),
        "entities": [],
        "is_ood": not turn.understood,
        "is_silence": False,
        "barge_in": False,
        "responder": turn.responder,
    }


def _handoff(told: Told) -> dict[str, Any]:
    row = told.conversation
    times = handoff_times(told.moments, handoff_id=row.handoff_id)
    return {
        "id": str(row.handoff_id),
        "destination": row.destination_key,
        "destination_name": row.destination_name,
        "reason": row.reason,
        "utterance": row.utterance,
        "trigger": row.trigger,
        "state": PUBLISHED_STATES[row.handoff_state],
        "lifecycle_state": row.handoff_state,
        "data": row.handoff_data,
        "timestamps": {
            "initiated_at": _instant(times.initiated_at),
            "accepted_at": _instant(times.accepted_at),
            "joined_at": _instant(times.joined_at),
            "ended_at": _instant(times.ended_at),
        },
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "code": outcome.code,
        "resolved": outcome.resolved,
        "first_contact_resolved": outcome.first_contact_resolved,
        "handled_by": outcome.handled_by,
        "note": outcome.note,
        "source": outcome.source,
        "occurred_at": timestamp_of(outcome.occurred_at),
    }


def _instant(at: datetime | None) -> str | None:
    return timestamp_of(at) if at else None
