"""`manage.py handoff explain ID`: why a handoff went where it went, made again from what is stored."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conversations.models import Event, OutboxEntry
from handoffs.models import Handoff, Presence
from integrations.services.turns import take_turn

WISH = "Can I talk to a real person please"


@pytest.fixture
def handed_off(conversation, cast, agent, project, now):
    """A handoff by the customer's own words, while one agent took work."""
    Presence.objects.create(user=agent, project=project, state="ready", since=now, seen_at=now)
    cast.customer_says(conversation, WISH)
    take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now)
    return Handoff.objects.get()


def explain(handoff):
    """What the command prints, and the status it ends with."""
    out, status = StringIO(), 0
    try:
        call_command("handoff", "explain", str(handoff.pk), stdout=out)
    except SystemExit as ended:
        status = ended.code
    return out.getvalue(), status


def test_the_same_answer_is_said_and_the_command_succeeds(handed_off):
    printed, status = explain(handed_off)
    assert status == 0
    assert "Made again from the stored inputs: the same answer." in printed
    for part in (
        "release 1, snapshot",
        "explicit_request on message",
        "fired by the rule",
        "billing: queue_on",
        "1 for the queue billing",
        "destination: billing",
        "is_on: yes",
    ):
        assert part in printed


def test_the_trace_repeats_none_of_the_customers_words(handed_off):
    assert WISH not in repr(handed_off.trace)
    assert WISH not in explain(handed_off)[0]


def test_a_configuration_that_changed_since_changes_nothing(handed_off, project):
    project.queues.update(is_on=False)
    assert explain(handed_off)[1] == 0


def test_what_differs_is_told_and_the_command_fails(handed_off):
    changed = {**handed_off.trace, "decided": {**handed_off.trace["decided"], "destination": "elsewhere"}}
    Handoff.objects.filter(pk=handed_off.pk).update(trace=changed)
    printed, status = explain(handed_off)
    assert (status, 'decided.destination: was "elsewhere", is "billing"' in printed) == (1, True)


def test_a_message_that_was_erased_cannot_be_decided_from(handed_off):
    asked = Event.objects.get(type="customer.message")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE event SET payload = '{\"erased\": true}' WHERE id = %s", [asked.id])
    printed, status = explain(handed_off)
    assert (status, "have been erased" in printed) == (1, True)


def test_a_handoff_that_was_never_decided_by_a_rule_says_so(handed_off):
    Handoff.objects.filter(pk=handed_off.pk).update(trace={})
    printed, status = explain(handed_off)
    assert (status, "has no trace of a decision" in printed) == (1, True)


def test_an_unknown_handoff_is_an_error(db):
    with pytest.raises(CommandError, match="There is no handoff"):
        call_command("handoff", "explain", str(uuid4()))
