"""Every frame a socket sends in a test is what the AsyncAPI file says, or the test fails."""

from functools import cache
from typing import Any

import yaml
from jsonschema import Draft7Validator

from studio.management.commands.asyncapi import asyncapi_path

BATCH = "EVENT_TYPE_EVENT_BATCH"


def check_customer_frame(frame: dict[str, Any]) -> None:
    """One frame of the customer's socket; a batch, and each event it holds."""
    if frame.get("type") != BATCH:
        _check("customer", frame)
        return
    _check("customer", {**frame, "payload": {"events": []}})
    assert frame["payload"].keys() == {"events"}
    for event in frame["payload"]["events"]:
        _check("customer", event)


def check_inbox_frame(frame: dict[str, Any]) -> None:
    _check("inbox", frame)


def _check(channel: str, frame: dict[str, Any]) -> None:
    validator = _validators(channel).get(str(frame.get("type")))
    assert validator is not None, f"no frame of the {channel} socket: {frame}"
    problems = [f"{'.'.join(map(str, problem.path))}: {problem.message}" for problem in validator.iter_errors(frame)]
    assert not problems, f"{frame}: {problems}"


@cache
def _validators(channel: str) -> dict[str, Draft7Validator]:
    document = yaml.load(
        asyncapi_path().read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    messages = document["components"]["messages"]
    received = {key: message for key, message in messages.items() if key.startswith(f"{channel}.received.")}
    return {message["name"]: Draft7Validator(_holding_nothing(message["payload"])) for message in received.values()}


def _holding_nothing(schema: dict[str, Any]) -> dict[str, Any]:
    """A batch without what it refers to: its events are checked one by one."""
    if schema["properties"]["type"] != {"const": BATCH}:
        return schema
    events = {"events": {"type": "array"}}
    payload = {**schema["properties"]["payload"], "properties": events}
    return {**schema, "properties": {**schema["properties"], "payload": payload}}
