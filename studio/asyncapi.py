"""The AsyncAPI 3 document of the sockets, made from the tables that encode their frames."""

from collections.abc import Mapping
from typing import Any

from conversations.domain.frame_schemas import client_schemas, server_schemas
from conversations.domain.timeline import WIRE_PREFIX
from handoffs.domain.inbox_schemas import inbox_client_schemas, inbox_server_schemas

Document = dict[str, Any]

TITLE = "Handoff Studio sockets"
CLOSE_CODES = """Close codes: 1000 clean, do not come back; 4001 the access token has expired, get a new one and come \
back with the cursor; 4002 this socket read too slowly, come back with the cursor; 1009 a frame far over the limit; \
1012 the server restarts, come back."""
CUSTOMER_ABOUT = f"""One session of a customer. Replays what came after `cursor` in `EVENT_TYPE_EVENT_BATCH`, then \
goes live. Refused handshakes answer 400 `invalid connection parameters`, 401 `authentication failed`, 404 `session \
not found`, 429 `connection limit exceeded for session`. {CLOSE_CODES}"""
INBOX_ABOUT = """The inbox of a project and environment, for agent desktops and scripts. The list is state, sent whole \
on every connect and then row by row; the open conversation is log. Close codes: 4400 a parameter is missing or \
unknown, 4401 not logged in or the ticket is not good, 4403 not permitted, 4404 no such project, 4002 too slow."""


def asyncapi_document() -> Document:
    """Return the document as plain data; its order is that of the tables."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": TITLE,
            "version": "1.0.0",
            "description": "The Messaging API's socket for customers, and the Desk API's for agents.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "customer": _channel(
                "/ws",
                CUSTOMER_ABOUT,
                {"session_id": "uuid", "access_token": "string", "cursor": "integer"},
                needed=("session_id", "access_token"),
                messages={**_names("sent", client_schemas()), **_names("received", server_schemas())},
                prefix="customer",
            ),
            "inbox": _channel(
                "/ws/inbox",
                INBOX_ABOUT,
                dict.fromkeys(("project_id", "environment", "ticket", "view", "format"), "string"),
                needed=("project_id",),
                messages={**_names("sent", inbox_client_schemas()), **_names("received", inbox_server_schemas())},
                prefix="inbox",
            ),
        },
        "operations": {
            "customerSends": _operation("customer", "receive", _names("sent", client_schemas())),
            "customerReceives": _operation("customer", "send", _names("received", server_schemas())),
            "inboxSends": _operation("inbox", "receive", _names("sent", inbox_client_schemas())),
            "inboxReceives": _operation("inbox", "send", _names("received", inbox_server_schemas())),
        },
        "components": {
            "messages": {
                **_messages("customer", "sent", client_schemas()),
                **_messages("customer", "received", server_schemas()),
                **_messages("inbox", "sent", inbox_client_schemas()),
                **_messages("inbox", "received", inbox_server_schemas()),
            }
        },
    }


def _channel(
    address: str,
    about: str,
    query: Mapping[str, str],
    *,
    needed: tuple[str, ...],
    messages: Mapping[str, str],
    prefix: str,
) -> Document:
    properties = {
        name: {"type": "string", "format": "uuid"} if kind == "uuid" else {"type": kind} for name, kind in query.items()
    }
    return {
        "address": address,
        "description": about,
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {"type": "object", "properties": properties, "required": list(needed)},
                "bindingVersion": "0.1.0",
            }
        },
        "messages": {name: {"$ref": f"#/components/messages/{prefix}.{name}"} for name in messages},
    }


def _operation(channel: str, action: str, names: Mapping[str, str]) -> Document:
    """`action` is the server's: it receives what clients send."""
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
    }


def _names(direction: str, schemas: Mapping[str, Any]) -> dict[str, str]:
    return {f"{direction}.{_short(name)}": name for name in schemas}


def _messages(prefix: str, direction: str, schemas: Mapping[str, Any]) -> Document:
    return {
        f"{prefix}.{direction}.{_short(name)}": {"name": name, "payload": _referring(name, schema, prefix)}
        for name, schema in schemas.items()
    }


def _referring(name: str, schema: Document, prefix: str) -> Document:
    """The batch refers to the frames it holds instead of spelling each out again."""
    if not name.endswith("EVENT_BATCH"):
        return schema
    held = [one for one in server_schemas() if one != name]
    refs = [{"$ref": f"#/components/messages/{prefix}.received.{_short(one)}/payload"} for one in held]
    events = {"events": {"type": "array", "items": {"anyOf": refs}}}
    payload = {**schema["properties"]["payload"], "properties": events}
    return {**schema, "properties": {**schema["properties"], "payload": payload}}


def _short(name: str) -> str:
    return name.removeprefix(WIRE_PREFIX)
