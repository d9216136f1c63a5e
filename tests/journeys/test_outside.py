"""A script that knows only `demo.json` and the protocol runs the main job fifty times over."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("journeys")

SCRIPT = Path(__file__).with_name("outside.py")


def test_the_main_job_fifty_times_from_outside(system):
    done = subprocess.run(
        [sys.executable, SCRIPT, system.stack.folder / "demo.json", "--times", "50"],
        capture_output=True,
        text=True,
        timeout=240,
    )

    print(done.stdout)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.match(r"50 of 50 done", done.stdout)


def test_every_outcome_reached_the_crm_once_and_signed(system):
    sent = system.stack.rows("SELECT count(*) FROM outcome WHERE source = 'inbox' AND created_at > %s", began(system))
    outcomes = outcome_calls(system, expected=sent[0][0])

    assert len({call.event_id for call in outcomes}) == len(outcomes) == sent[0][0]
    assert all(call.is_signed and call.is_signed_standard for call in outcomes)


def began(system):
    """When the CRM was connected: what the demo's past holds was never sent to it."""
    return system.stack.rows("SELECT created_at FROM webhook_endpoint")[0][0]


def outcome_calls(system, *, expected: int):
    for _ in range(100):
        calls = [call for call in system.crm.calls if call.json["event"] == "outcome.recorded"]
        if len(calls) >= expected:
            return calls
        system.crm.pause(0.1)
    return calls
