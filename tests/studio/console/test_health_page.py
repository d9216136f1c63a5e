"""The health page says of each part how it is and what to do, from the same checks as the doctor."""

from datetime import timedelta

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import Deadline, OutboxEntry
from conversations.models.ids import new_id
from handoffs.services.releases import publish_release
from integrations.models import Connection, Delivery, Sealed, WebhookEndpoint
from studio import diagnosis, workload
from studio.diagnosis import Finding, Level
from tests.conftest import member


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(diagnosis, "PING_SECONDS", 0.05)


@pytest.fixture
def browser(client, project):
    client.force_login(member(project, Role.DEVELOPER, "Dev Patel"))
    return client


def parts(browser):
    context = browser.get(reverse("health")).context
    return {str(part.name): part for group in ("work", "installation") for part in context[group]}


def test_every_part_is_there_with_its_word_and_what_is_broken_says_what_to_do(browser):
    found = parts(browser)
    assert list(found) == [
        "Workers", "Queues", "Clock", "Outbox", "Webhook deliveries", "The AI", "PostgreSQL", "Migrations", "Redis",
        "Secret key", "Disk", "Backup",
    ]  # fmt: skip
    assert found["PostgreSQL"].finding.level is Level.OK
    assert found["Workers"].finding.level is Level.FAIL
    assert all(part.finding.advice for part in found.values() if part.finding.level is not Level.OK)
    page = browser.get(reverse("health")).content.decode()
    assert "Start the processes: <code>make up</code>" in page
    assert "never heard of since this process started" in page
    assert "E-mail" in page


def test_the_page_says_what_the_doctor_says(browser):
    found = parts(browser)
    for name, label in {"database": "PostgreSQL", "redis": "Redis", "migrations": "Migrations"}.items():
        assert found[label].finding == diagnosis.CHECKS[name]()


def test_a_worker_that_answers_is_heard_of(browser, monkeypatch):
    working = {**diagnosis.CHECKS, "workers": lambda: Finding(Level.OK, "work, clock answer")}
    monkeypatch.setattr(diagnosis, "CHECKS", working)
    assert "last heard of" in parts(browser)["Workers"].note


@pytest.mark.parametrize(
    ("late", "level", "words"),
    [
        (timedelta(seconds=0.2), Level.OK, "1 deadline late, by 0.2 s"),
        (timedelta(seconds=20), Level.WARN, "1 deadline late, by 20 s"),
        (timedelta(minutes=30), Level.FAIL, "1 deadline late, by 30 min"),
    ],
)
def test_a_late_deadline_is_told_by_how_late_it_is(conversation, now, late, level, words):
    Deadline.objects.create(conversation=conversation, kind="idle", subject_id=new_id(), due_at=now - late)
    found = workload.check_clock(now)
    assert (found.level, found.text, bool(found.advice)) == (level, words, level is not Level.OK)


def test_a_deadline_to_come_is_not_late(conversation, now):
    Deadline.objects.create(
        conversation=conversation, kind="idle", subject_id=new_id(), due_at=now + timedelta(seconds=1)
    )
    assert workload.check_clock(now) == Finding(Level.OK, "no deadline is late")


def test_the_outbox_tells_what_waits_and_what_was_given_up(db, now):
    assert workload.check_outbox(now) == Finding(Level.OK, "0 entries waiting, 0.0 s behind, 0 given up")
    for seconds in (30, 2):
        made = {"created_at": now - timedelta(seconds=seconds), "due_at": now - timedelta(seconds=seconds)}
        OutboxEntry.objects.create(topic="turn.due", conversation_id=new_id(), **made)
    OutboxEntry.objects.create(topic="turn.due", conversation_id=new_id(), due_at=now + timedelta(minutes=1))
    found = workload.check_outbox(now)
    assert (found.level, found.text) == (Level.WARN, "2 entries waiting, 30 s behind, 0 given up")
    OutboxEntry.objects.all().delete()
    OutboxEntry.objects.create(topic="turn.due", conversation_id=new_id(), dead_at=now, attempts=12)
    found = workload.check_outbox(now)
    assert (found.level, found.text) == (Level.WARN, "0 entries waiting, 0.0 s behind, 1 given up")


def test_deliveries_of_this_project_that_failed_are_counted_and_lead_to_the_webhooks(browser, project, outsider, now):
    for where in (project, outsider.memberships.get().project):
        endpoint = WebhookEndpoint.objects.create(
            project=where, environment="live", name="CRM", url="https://a.example", secret=Sealed.of("x")
        )
        Delivery.objects.create(
            endpoint=endpoint, event="handoff.queued", event_id=new_id(), body={}, ordering_key="a", state="dead"
        )
    assert "1 failed in 24 h" in parts(browser)["Webhook deliveries"].finding.text
    assert "Open the webhooks" in browser.get(reverse("health")).content.decode()


def test_a_backlog_of_tasks_is_a_warning(db, settings):
    from redis import Redis

    with Redis.from_url(settings.CELERY_BROKER_URL) as client:
        before = workload.queue_depths()["work"]
        client.rpush("work", *["{}"] * workload.MANY_TASKS)
        try:
            found = workload.check_queues()
        finally:
            client.ltrim("work", 0, -workload.MANY_TASKS - 1)
    assert found.level is Level.WARN
    assert f"work {before + workload.MANY_TASKS}" in found.text


def test_a_redis_that_is_not_there_is_told(db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert workload.check_queues() == Finding(Level.FAIL, "cannot be read without Redis", "see the line on Redis")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.REVIEWER])
def test_who_does_not_run_it_does_not_see_it(client, project, role):
    client.force_login(member(project, role, "Nora Feld"))
    assert client.get(reverse("health")).status_code == 403


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({}, Level.OK, "Agent"),
        ({"is_active": False}, Level.FAIL, "agent is to answer, and live has no such connection"),
        (
            {"health": "failing", "last_error": "answered with status 503"},
            Level.WARN,
            "Agent: answered with status 503",
        ),
    ],
)
def test_an_ai_that_cannot_answer_is_told(browser, project, owner, now, fields, level, words):
    Connection.objects.create(
        project=project, environment="live", key="agent", kind="http_responder", name="Agent", checked_at=now, **fields
    )
    project.responder_key = "agent"
    project.save()
    publish_release(project=project, publisher=owner, at=now)
    finding = parts(browser)["The AI"].finding
    assert (finding.level, words in finding.text) == (level, True)
