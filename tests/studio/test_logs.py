import io
import json
import logging

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from studio import logs


@pytest.fixture
def written(monkeypatch):
    """Both kinds of loggers as configured for JSON; returns the objects written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.make_formatter(as_json=True))
    for name in ("tests.plain", "tests.structured"):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "handlers", [handler])
        monkeypatch.setattr(logger, "propagate", False)
        logger.setLevel("INFO")
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_kinds_of_loggers_write_the_same_object(written):
    with bound_contextvars(request_id="r-1234567", conversation_id="c-1"):
        logging.getLogger("tests.plain").warning("queue %s is long", "billing", extra={"waiting": 7})
        structlog.get_logger("tests.structured").warning("queue is long", waiting=7)
    plain, structured = written()
    assert plain.pop("timestamp") <= structured.pop("timestamp")
    common = {"level": "warning", "request_id": "r-1234567", "conversation_id": "c-1", "waiting": 7}
    assert plain == {"event": "queue billing is long", "logger": "tests.plain", **common}
    assert structured == {"event": "queue is long", "logger": "tests.structured", **common}


@pytest.mark.parametrize("key", ["password", "access_token", "api_key", "Authorization", "session_cookie", "secret"])
def test_a_secret_is_never_written(key):
    assert logs.hide_secrets(None, "info", {key: "hunter2"}) == {key: "(hidden)"}


@pytest.mark.parametrize("key", ["queue_key", "destination_key", "monkey", "tokenizer"])
def test_a_key_that_only_sounds_like_a_secret_is_written(key):
    assert logs.hide_secrets(None, "info", {key: "billing"}) == {key: "billing"}


def test_passwords_inside_addresses_are_hidden():
    event = {"event": "connecting to redis://:hunter2@127.0.0.1:6379/0 for postgresql://me:hunter2@db/studio"}
    assert logs.hide_secrets(None, "info", event) == {
        "event": "connecting to redis://:(hidden)@127.0.0.1:6379/0 for postgresql://me:(hidden)@db/studio"
    }


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_no_local_variables(as_json):
    formatter = logs.make_formatter(as_json=as_json)
    try:
        password = "hunter2"
        raise ValueError(len(password))
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, error.__traceback__)
        )
    text = formatter.format(record)
    assert "ValueError: 7" in text
    assert "'hunter2'" not in text


def test_the_format_follows_the_terminal_unless_it_is_chosen(monkeypatch):
    for is_terminal, expected in ((True, False), (False, True)):
        monkeypatch.setattr("sys.stdout", type("Out", (io.StringIO,), {"isatty": lambda self, it=is_terminal: it})())
        assert logs.wants_json("") is expected
        assert logs.wants_json("json") is True
        assert logs.wants_json("text") is False


def test_a_process_of_the_supervisor_says_which_it_is(monkeypatch):
    monkeypatch.setenv("PROCESS_NAME", "clock")
    assert logs.add_process(None, "info", {"event": "x"}) == {"event": "x", "process": "clock"}
