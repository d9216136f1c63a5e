"""What docs/webhooks.md tells receivers is what they get."""

import re
from pathlib import Path

import pytest

from integrations.domain.retry import SCHEDULE
from integrations.domain.webhook_events import EVENTS, PING
from integrations.services.deliveries import SECONDS, send_due

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


@pytest.fixture
def is_genuine():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {}
    exec(code, names)
    return names["is_genuine"]


def test_the_receivers_code_of_the_page_accepts_what_we_send_and_nothing_else(
    is_genuine, receiver, new_delivery, secret, at
):
    new_delivery()
    send_due(clock=lambda: at)
    (came,) = receiver.calls
    headers = {"X-Studio-Timestamp": came.headers["x-studio-timestamp"]}
    headers["X-Studio-Signature"] = came.headers["x-studio-signature"]
    assert is_genuine(secret, headers, came.body)
    assert not is_genuine(secret, headers, came.body + b" ")
    assert not is_genuine(secret, {**headers, "X-Studio-Timestamp": "1772443800"}, came.body)


@pytest.mark.parametrize("name", [*EVENTS, PING])
def test_every_event_stands_on_the_page(name):
    written = PAGE.replace("`handoff.triggered` `.", "`handoff.triggered` `handoff.").replace("` `.", "` `handoff.")
    assert f"`{name}`" in written


def test_the_times_of_the_page_are_the_real_ones():
    assert [step.total_seconds() / 60 for step in SCHEDULE] == [0, 1, 5, 15, 60, 240]
    assert "at once, after 1, 5 and 15 minutes, 1 hour and 4 hours" in PAGE
    assert f"within {SECONDS:g} seconds" in PAGE
