"""The AsyncAPI file of the sockets is what the tables say, and a document others can read."""

import re

import pytest
import yaml
from jsonschema import Draft7Validator

from conversations.domain.frame_schemas import FIELDS, client_schemas, server_schemas
from conversations.domain.frames import CLIENT_TYPES, SERVER_WIRE_NAMES
from conversations.domain.timeline import EVENT_TYPES, WIRE_PREFIX
from handoffs.consumers.inbox import HANDLERS
from handoffs.domain.inbox_schemas import inbox_client_schemas, inbox_server_schemas
from studio.asyncapi import asyncapi_document
from studio.management.commands.asyncapi import asyncapi_path, render_asyncapi

SCHEMAS = {
    **{f"sent {name}": schema for name, schema in client_schemas().items()},
    **{f"received {name}": schema for name, schema in server_schemas().items()},
    **{f"inbox sends {name}": schema for name, schema in inbox_client_schemas().items()},
    **{f"inbox receives {name}": schema for name, schema in inbox_server_schemas().items()},
}
# What the Messaging API publishes; kept by hand, so that the table cannot lose one or invent one in silence.
PUBLISHED_TO_CLIENTS = """
SESSION_START EVENT_BATCH POLY_AGENT_JOINED POLY_AGENT_THINKING POLY_AGENT_MESSAGE POLY_AGENT_MESSAGE_CHUNK
POLY_AGENT_LEFT POLY_AGENT_TRIGGERED_HANDOFF HANDOFF_ACCEPTED HANDOFF_QUEUE_STATUS CLIENT_HANDOFF_REQUIRED
HANDOFF_FAILED HANDOFF_TIMEOUT LIVE_AGENT_JOINED LIVE_AGENT_TYPING LIVE_AGENT_MESSAGE LIVE_AGENT_LEFT SESSION_END
SYSTEM_MESSAGE LANGUAGE_CHANGED SESSION_IDLE_WARNING
USER_MESSAGE USER_END_SESSION HEARTBEAT REQUEST_POLY_AGENT_JOIN
""".split()
PUBLISHED_FROM_CLIENTS = "REQUEST_POLY_AGENT_JOIN USER_MESSAGE USER_TYPING USER_END_SESSION HEARTBEAT".split()


def test_the_file_is_what_the_tables_say():
    assert asyncapi_path().read_text(encoding="utf-8") == render_asyncapi(), "run manage.py asyncapi"


def test_exactly_the_published_events_are_sent_and_taken():
    assert {name.removeprefix(WIRE_PREFIX) for name in server_schemas()} == set(PUBLISHED_TO_CLIENTS)
    assert {name.removeprefix(WIRE_PREFIX) for name in client_schemas()} == set(PUBLISHED_FROM_CLIENTS)
    assert set(PUBLISHED_FROM_CLIENTS) == CLIENT_TYPES
    assert {*PUBLISHED_TO_CLIENTS, "USER_TYPING"} == SERVER_WIRE_NAMES


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    Draft7Validator.check_schema(SCHEMAS[name])


def test_every_reference_of_the_document_leads_somewhere():
    document = asyncapi_document()
    for pointer in set(re.findall(r"\$ref: '?(#/[^'\s]+)", yaml.safe_dump(document))):
        found = document
        for part in pointer.removeprefix("#/").split("/"):
            assert part in found, pointer
            found = found[part]


def test_every_field_a_customer_gets_is_described_and_no_other():
    fields = {name for row in EVENT_TYPES.values() for name in row.fields}
    assert FIELDS.keys() - {"message_id"} == fields - {"message_id"}


def test_every_frame_the_inbox_takes_is_described():
    assert inbox_client_schemas().keys() == HANDLERS.keys()
