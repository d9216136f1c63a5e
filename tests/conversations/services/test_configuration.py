import pytest
from django.db import IntegrityError

from conversations.models import AuditEntry
from conversations.services.configuration import Change, StaleRevision, add_row, change_row, remove_row
from handoffs.models import Destination, Queue


@pytest.fixture
def billing(project):
    return Destination.objects.get(project=project, key="billing")


def newest(project):
    return AuditEntry.objects.filter(project=project).order_by("-at", "-pk").first()


def test_only_what_differs_is_written_and_audited_with_before_and_after(billing, project, owner, now):
    values = {"name": "Billing and refunds", "description": ""}
    changes = change_row(row=billing, values=values, user=owner, project=project, at=now, revision=1)
    assert changes == (Change("name", "Billing", "Billing and refunds"),)
    entry = newest(project)
    assert (entry.action, entry.subject, entry.user) == ("destination.changed", "Billing", owner)
    assert (entry.before, entry.after) == ({"name": "Billing"}, {"name": "Billing and refunds"})
    billing.refresh_from_db()
    assert (billing.revision, billing.updated_by) == (2, owner)


def test_nothing_to_write_leaves_no_trace(billing, project, owner, now):
    assert change_row(row=billing, values={"name": "Billing"}, user=owner, project=project, at=now) == ()
    assert newest(project) is None


def test_who_saves_over_a_newer_one_is_told_and_nothing_is_written(billing, project, owner, agent, now):
    change_row(row=billing, values={"name": "Mine"}, user=agent, project=project, at=now, revision=1)
    with pytest.raises(StaleRevision) as stale:
        change_row(row=billing, values={"name": "Yours"}, user=owner, project=project, at=now, revision=1)
    assert (stale.value.row.name, stale.value.row.updated_by) == ("Mine", agent)
    billing.refresh_from_db()
    assert billing.name == "Mine"


def test_what_is_added_and_removed_stands_whole_in_the_audit(project, owner):
    row = add_row(row=Queue(project=project, key="store", name="Store"), user=owner, project=project)
    assert (newest(project).action, newest(project).before) == ("queue.added", None)
    assert newest(project).after["key"] == "store"
    remove_row(row=row, user=owner, project=project)
    assert (newest(project).action, newest(project).after) == ("queue.removed", None)
    assert not Queue.objects.filter(key="store").exists()


def test_of_two_who_delete_at_once_the_second_finds_it_done(billing, project, owner, agent):
    again = Destination.objects.get(pk=billing.pk)
    remove_row(row=billing, user=owner, project=project)
    remove_row(row=again, user=agent, project=project)
    removed = AuditEntry.objects.filter(project=project, action="destination.removed")
    assert [entry.user for entry in removed] == [owner]


def test_a_named_constraint_refuses_and_nothing_stays(project, owner):
    with pytest.raises(IntegrityError, match="unique_queue_key"):
        add_row(row=Queue(project=project, key="billing", name="Again"), user=owner, project=project)
    assert newest(project) is None


def test_teams_of_a_queue_are_audited_by_name(project, owner, now):
    team = project.teams.create(key="night", name="Night")
    queue = Queue.objects.get(project=project, key="billing")
    changes = change_row(row=queue, values={"teams": [team]}, user=owner, project=project, at=now)
    assert changes == (Change("teams", [], ["Night"]),)
    assert list(queue.teams.all()) == [team]
