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
# What a person who has a conversation may do next with it, under the epoch they were told.
HELD: Mapping[str, Link] = {
    name: {
        "parameters": {"conversation_id": "$response.body#/conversation_id"},
        "requestBody": {"epoch": "$response.body#/epoch"},
    }
    for name in ("desk_message", "desk_typing", "desk_note", "desk_return", "desk_close")
}
LISTED = "$response.body#/conversations/0/id"
# What an answer leads to: by operation and status, the next operations and where their parameters or bodies come from.
LINKS: Mapping[tuple[str, str], Mapping[str, Link]] = {
    ("handoff_start", "201"): {
        "handoff_get": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "handoff_state_get": {"parameters": {"id": "$response.body#/conversation_id"}},
        "handoff_state_set": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "handoff_client_result": {"parameters": {"handoff_id": "$response.body#/handoff/id"}},
        "desk_claim": {"parameters": {"conversation_id": "$response.body#/conversation_id"}},
        "desk_conversation": {"parameters": {"conversation_id": "$response.body#/conversation_id"}},
    },
    ("handoff_list", "200"): {"handoff_get": {"parameters": {"handoff_id": "$response.body#/results/0/id"}}},
    ("chat_create", "200"): {
        "chat_respond": {"requestBody": {"conversation_id": "$response.body#/conversation_id", "message": "Hello"}},
        "chat_close": {"requestBody": {"conversation_id": "$response.body#/conversation_id"}},
    },
    ("chat_respond", "200"): {
        "chat_close": {"requestBody": {"conversation_id": "$response.body#/conversation_id"}},
    },
    ("session_create", "200"): {
        "handoff_cancel": {"parameters": {"session_id": "$response.body#/session_id"}},
        "desk_takeover": {"parameters": {"conversation_id": "$response.body#/session_id"}},
        "conversations_get_v4": {"parameters": {"conversation_id": "$response.body#/session_id"}},
    },
    ("desk_claim", "200"): HELD,
    ("desk_claim_next", "200"): HELD,
    ("desk_takeover", "200"): HELD,
    ("desk_inbox", "200"): {
        "desk_conversation": {"parameters": {"conversation_id": "$response.body#/results/0/conversation_id"}},
    },
    ("conversations_list_v3", "200"): {"conversations_get_v3": {"parameters": {"conversation_id": LISTED}}},
    ("conversations_list_v4", "200"): {"conversations_get_v4": {"parameters": {"conversation_id": LISTED}}},
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
