"""The audit: everything is in it, found by who, what and when, in words, and exported safely."""

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry
from conversations.services.audit import record_audit
from conversations.services.configuration import add_row, change_row, remove_row
from handoffs.models import Destination
from studio.console.audit import safe_cell
from tests.conftest import member

# The file is streamed for an asynchronous server; the test's client is not one.
pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.fixture
def browser(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def record(project, owner):
    """Write an entry; `at` sets its instant."""

    def write(action="destination.changed", subject="Billing", *, at=None, user=owner, **fields):
        entry = record_audit(project=project, user=user, action=action, subject=subject, **fields)
        if at:
            AuditEntry.objects.filter(pk=entry.pk).update(at=at)
        return entry

    return write


def shown(browser, **query):
    return browser.get(reverse("audit"), query).content.decode()


def subjects(browser, **query):
    return [entry.subject for entry in browser.get(reverse("audit"), query).context["entries"].rows]


def exported(browser, **query):
    answer = browser.get(reverse("audit-export"), query)
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))


def test_a_change_is_told_with_who_what_before_after_and_why(browser, project, owner, now):
    row = Destination.objects.get(project=project, key="billing")
    values = {"name": "Invoices", "wait_limit_seconds": 90}
    change_row(row=row, values=values, user=owner, project=project, at=now, why="Asked for by finance")
    page = " ".join(shown(browser).split())
    for words in (
        "Olive Grant", "changed the destination", "Asked for by finance", "Wait limit in seconds", "Billing",
        "Invoices", "90",
    ):  # fmt: skip
        assert words in page


def test_what_was_added_and_removed_is_told_with_its_fields(browser, project, owner):
    row = add_row(row=Destination(project=project, key="b", name="Second", queue_key="q"), user=owner, project=project)
    remove_row(row=row, user=owner, project=project)
    page = shown(browser)
    assert "added the destination" in page
    assert "removed the destination" in page


def test_only_items_of_a_list_that_came_or_went_are_shown(browser, record):
    header = {"name": "X-Kept", "value": "1"}
    record(before={"headers": [header, {"name": "X-Old"}]}, after={"headers": [header, {"name": "X-New"}]})
    page = shown(browser)
    assert ("X-Old" in page, "X-New" in page, "X-Kept" in page, "and 1 as before" in page) == (True, True, False, True)


def test_entries_of_the_machine_itself_have_its_name(browser, record):
    record(action="release.published", subject="release 2", user=None)
    assert "Handoff Studio</strong> published the release" in shown(browser)


def test_an_instant_is_told_in_the_projects_zone(browser, record, project):
    project.time_zone = "Pacific/Auckland"
    project.save()
    record(action="webhook_endpoint.changed", after={"previous_secret_until": "2026-11-21 12:00:00+00:00"}, before={})
    assert "22 Nov 2026, 01:00" in shown(browser)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Third", "Second", "First"]),
        ({"noun": "line"}, ["Second"]),
        ({"q": "second"}, ["Second"]),
        ({"q": "typo mended"}, ["First"]),
        ({"q": "sip:old@"}, ["Third"]),
        ({"q": "nowhere"}, []),
        ({"since": "2026-03-10"}, ["Third", "Second"]),
        ({"until": "2026-03-10"}, ["Second", "First"]),
        ({"since": "2026-03-10", "until": "2026-03-10"}, ["Second"]),
        (dict.fromkeys(("since", "person", "noun", "before"), "rubbish"), ["Third", "Second", "First"]),
    ],
)  # fmt: skip
def test_entries_are_found_by_what_when_and_text(browser, record, project, query, found):
    project.time_zone = "Pacific/Auckland"
    project.save()
    record(subject="First", why="typo mended", at=datetime(2026, 3, 9, 23, 59, tzinfo=AUCKLAND))
    record(action="line.changed", subject="Second", at=datetime(2026, 3, 10, 0, 0, tzinfo=AUCKLAND))
    record(
        subject="Third", before={"route": "sip:old@a"}, after={"route": ""}, at=datetime(2026, 3, 11, tzinfo=AUCKLAND)
    )
    assert subjects(browser, **query) == found


def test_the_ends_of_the_calendar_are_days_like_others(browser, record):
    record(action="reason.added", subject="Refund")
    assert subjects(browser, since="0001-01-01") == subjects(browser, until="9999-12-31") == ["Refund"]


def test_entries_are_found_by_who_also_those_of_people_who_left(browser, record, project, agent):
    record(subject="Mine")
    record(subject="Hers", user=agent)
    agent.memberships.all().delete()
    assert subjects(browser, person=agent.pk) == ["Hers"]


def test_no_page_shows_another_projects_entries(browser, record, outsider):
    record(subject="Ours")
    elsewhere = outsider.memberships.get().project
    record_audit(project=elsewhere, user=outsider, action="destination.changed", subject="Theirs")
    assert subjects(browser) == ["Ours"]
    assert subjects(browser, person=outsider.pk) == ["Ours"]
    assert [row["subject"] for row in exported(browser)] == ["Ours"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.REVIEWER, Role.DEVELOPER])
def test_who_may_not_see_the_audit_gets_neither_page_nor_file(client, project, role):
    client.force_login(member(project, role, "Nora Feld"))
    assert client.get(reverse("audit")).status_code == 403
    assert client.get(reverse("audit-export")).status_code == 403


@pytest.fixture
def ten_thousand(project, owner):
    start = timezone.now() - timedelta(days=30)
    entries = [
        AuditEntry(project=project, user=owner, action="destination.changed", subject=f"Entry {number}")
        for number in range(10_000)
    ]
    AuditEntry.objects.bulk_create(entries, batch_size=2000)
    for entry, minutes in zip(entries, range(10_000), strict=True):
        entry.at = start + timedelta(minutes=minutes // 3)
    AuditEntry.objects.bulk_update(entries, ["at"], batch_size=2000)


def test_ten_thousand_entries_are_paged_without_a_gap_in_few_queries(
    browser, ten_thousand, django_assert_max_num_queries
):
    found, query = [], {}
    for _ in range(4):
        with django_assert_max_num_queries(14):
            entries = browser.get(reverse("audit"), query).context["entries"]
        found += [entry.subject for entry in entries.rows]
        query = dict([entries.older.split("=")])
    assert len(set(found)) == len(found) == 200
    assert sorted(int(subject.split()[1]) for subject in found) == list(range(9800, 10_000))
    newer = browser.get(reverse("audit"), dict([entries.newer.split("=")])).context["entries"]
    assert [entry.subject for entry in newer.rows] == found[100:150]


def test_all_that_was_filtered_is_exported(browser, ten_thousand, record, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert len(exported(browser)) == 10_000
    record(action="line.changed", subject="One")
    assert [row["subject"] for row in exported(browser, noun="line")] == ["One"]


def test_the_file_has_one_line_a_field_and_times_with_their_offset(browser, record, owner):
    record(
        before={"name": "A", "hosts": ["x", "y"]}, after={"name": "B", "hosts": ["y", "z"]}, why="tidy, with a comma",
        at=datetime(2026, 11, 21, 12, 7, tzinfo=ZoneInfo("Europe/London")),
    )  # fmt: skip
    common = {
        "at": "2026-11-21T12:07:00+00:00", "who": "Olive Grant", "e-mail": owner.email, "subject": "Billing",
        "action": "changed the destination", "why": "tidy, with a comma",
    }  # fmt: skip
    assert exported(browser) == [
        {**common, "field": "Name", "before": "A", "after": "B"},
        {**common, "field": "Allowed hosts", "before": "x", "after": "z"},
    ]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(browser, record, evil):
    assert safe_cell(evil) == f"'{evil}"
    record(subject=evil, after={"name": evil}, before={"name": "x"}, why=evil)
    (row,) = exported(browser)
    assert {row["subject"], row["after"], row["why"]} == {f"'{evil}"}


def test_what_people_typed_is_shown_as_text(browser, record):
    record(subject="<b>bold</b>", after={"name": "<script>"}, before={"name": "&"}, why="<i>")
    page = shown(browser)
    assert "<b>bold" not in page
    assert "&lt;script&gt;" in page


def test_an_empty_audit_says_what_will_stand_there(browser):
    assert "Nothing was changed yet" in shown(browser)
    assert "0 entries fit" in shown(browser, q="nothing")
