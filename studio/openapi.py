"""The OpenAPI file: which addresses stand in it, and what drf-spectacular is told beside the views.

`manage.py spectacular --file docs/api/openapi.yaml` writes it anew; a test fails when it does not fit the code.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from conversations.api.schemas.base import SECURITY_SCHEMES
from conversations.api.schemas.messaging import describe_messaging
from handoffs.api.schemas.desk import describe_desk
from handoffs.api.schemas.handoff import describe_handoffs
from handoffs.api.schemas.offers import describe_offers

INTERFACES = re.compile(r"/v\d+/|/api/v\d+/")
Endpoint = tuple[str, str, str, Any]
Link = Mapping[str, Any]
CONVERSATION, EPOCH = "$response.body#/conversation_id", "$response.body#/epoch"
# What a person may do next with a conversation that is told with its id, and, where it is theirs, its epoch.
SEEN: Mapping[str, Link] = {
    name: {"parameters": {"conversation_id": CONVERSATION}}
    for name in ("desk_conversation", "desk_events", "desk_watch", "desk_whisper", "desk_takeover", "desk_reassign")
}
WRITING = (
    "desk_message", "desk_typing", "desk_note", "desk_barge", "desk_snooze", "desk_transfer", "desk_return",
    "desk_close",
)  # fmt: skip
HELD: Mapping[str, Link] = {
    **SEEN,
    **{
        name: {"parameters": {"conversation_id": CONVERSATION}, "requestBody": {"epoch": EPOCH}}
        for name in WRITING
    },
}  # fmt: skip
LISTED, FIRST = "$response.body#/conversations/0/id", "$response.body#/results/0"
SESSION: Link = {"parameters": {"session_id": CONVERSATION}}
HANDOFF: Link = {"parameters": {"handoff_id": "$response.body#/id"}}
# What an answer leads to: by operation and status, the next operations and where their parameters or bodies come from.
LINKS: Mapping[tuple[str, str], Mapping[str, Link]] = {
    ("handoff_start", "201"): {
        "handoff_get": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "handoff_state_get": {"parameters": {"id": CONVERSATION}},
        "handoff_state_set": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "handoff_client_result": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "handoff_cancel": SESSION,
        "session_client_result": SESSION,
        "desk_claim": {"parameters": {"conversation_id": CONVERSATION}},
        "conversations_get_v3": {"parameters": {"conversation_id": CONVERSATION}},
        **SEEN,
    },
    ("handoff_list", "200"): {
        "handoff_get": {"parameters": {"handoff_id": f"{FIRST}/id"}},
        "handoff_state_get": {"parameters": {"shared_id": f"{FIRST}/shared_id"}},
        "outcome_put": {"parameters": {"shared_id": f"{FIRST}/shared_id"}},
    },
    ("handoff_get", "200"): {
        "handoff_state_set": HANDOFF,
        "handoff_client_result": HANDOFF,
        "outcome_put": {"parameters": {"shared_id": "$response.body#/shared_id"}},
        "desk_claim": {"parameters": {"conversation_id": CONVERSATION}},
        "conversations_list_v3": {"parameters": {"shared_id": "$response.body#/shared_id"}},
        "conversations_list_v4": {"parameters": {"shared_id": "$response.body#/shared_id"}},
    },
    ("outcome_put", "200"): {
        "conversations_get_v3": {"parameters": {"conversation_id": CONVERSATION}},
        "conversations_get_v4": {"parameters": {"conversation_id": CONVERSATION}},
    },
    ("chat_create", "200"): {
        "chat_respond": {"requestBody": {"conversation_id": CONVERSATION, "message": "Hello"}},
        "chat_close": {"requestBody": {"conversation_id": CONVERSATION}},
    },
    ("chat_respond", "200"): {
        "chat_close": {"requestBody": {"conversation_id": CONVERSATION}},
        "desk_takeover": {"parameters": {"conversation_id": CONVERSATION}},
    },
    ("access_token_create", "200"): {
        "session_create": {"parameters": {}, "description": "With the token, as `Authorization: Bearer`"},
        "chat_create": {"parameters": {}, "description": "With the connector's own token, as `X-TOKEN`"},
    },
    ("session_create", "200"): {
        "handoff_start": {"requestBody": {"conversation_id": "$response.body#/session_id"}},
        "desk_takeover": {"parameters": {"conversation_id": "$response.body#/session_id"}},
        "conversations_get_v4": {"parameters": {"conversation_id": "$response.body#/session_id"}},
    },
    ("desk_agent", "200"): {
        "desk_presence": {"parameters": {}, "description": "Say whether this person takes work from here on"},
        "desk_ws_ticket": {"parameters": {}, "description": "Open the socket that tells of what changes in it"},
        "desk_offer_accept": {"parameters": {"offer_id": "$response.body#/offers/0/id"}},
        "desk_offer_decline": {"parameters": {"offer_id": "$response.body#/offers/0/id"}},
        "desk_wrap_up_done": {"parameters": {"conversation_id": "$response.body#/wrap_ups/0/conversation_id"}},
    },
    ("desk_inbox", "200"): {name: {"parameters": {"conversation_id": f"{FIRST}/conversation_id"}} for name in SEEN},
    ("desk_claim", "200"): HELD,
    ("desk_claim_next", "200"): HELD,
    ("desk_takeover", "200"): HELD,
    ("desk_offer_accept", "200"): HELD,
    ("desk_reassign", "200"): HELD,
    ("desk_transfer", "200"): {"desk_claim": {"parameters": {"conversation_id": CONVERSATION}}},
    ("desk_return", "200"): {"desk_takeover": {"parameters": {"conversation_id": CONVERSATION}}},
    ("desk_snooze", "200"): {"desk_wake": {"parameters": {"conversation_id": CONVERSATION}}},
    ("desk_wake", "200"): SEEN,
    ("conversations_list_v3", "200"): {
        "conversations_get_v3": {"parameters": {"conversation_id": LISTED}},
        "conversations_audio_v3": {"parameters": {"conversation_id": LISTED}},
    },
    ("conversations_list_v4", "200"): {
        "conversations_get_v4": {"parameters": {"conversation_id": LISTED}},
        "outcome_put": {"parameters": {"shared_id": "$response.body#/conversations/0/shared_id"}},
    },
}

# Views that do not bring their own description. This module is loaded with the addresses, so before any is looked at.
for describe in (describe_messaging, describe_desk, describe_offers, describe_handoffs):
    describe()


@cache
def read_schema() -> Any:
    """The whole description. It costs half a second and never changes while this process lives."""
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=True)


def keep_interfaces(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """Only what others may rely on."""
    return [endpoint for endpoint in endpoints if INTERFACES.match(endpoint[0])]


def add_links(result: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Say which calls go on with what another has answered."""
    for methods in result["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                for name, link in LINKS.get((operation["operationId"], status), {}).items():
                    answer.setdefault("links", {})[name] = {"operationId": name, **link}
    return result


def add_security(result: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Say what the proofs are that the operations name."""
    result["components"]["securitySchemes"] = {name: dict(scheme) for name, scheme in SECURITY_SCHEMES.items()}
    return result
