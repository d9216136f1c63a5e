import os

import pytest
from django.core.management import CommandError, call_command

from studio.installation import AlreadyRunning, ensure_secret_key, hold_lock


@pytest.fixture
def own_var(settings, tmp_path, monkeypatch):
    """An installation with data below a `var` of its own and built-in servers that do not run."""
    for variable in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "YES"):
        monkeypatch.delenv(variable, raising=False)
    settings.VAR_DIR = tmp_path
    for name in ("pg", "redis", "static", "backups", "log"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    for name in ("ports.json", "secret.key", "demo.json"):
        (tmp_path / name).touch()
    return tmp_path


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    ensure_secret_key(tmp_path)
    first = (tmp_path / "secret.key").read_text()
    ensure_secret_key(tmp_path)
    assert (tmp_path / "secret.key").read_text() == first
    assert len(first.strip()) >= 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_configured_secret_key_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "brought along")
    ensure_secret_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_from_the_same_directory_names_the_first(tmp_path):
    with hold_lock(tmp_path):
        with pytest.raises(AlreadyRunning) as error:
            hold_lock(tmp_path)
        text = f"It already runs from {tmp_path} (process {os.getpid()}): stop that one first."
        assert str(error.value) == text
    hold_lock(tmp_path).close()


def test_reset_deletes_everything_but_backups_and_logs(own_var, monkeypatch):
    monkeypatch.setenv("YES", "1")
    call_command("reset")
    assert sorted(path.name for path in own_var.rglob("*")) == ["backups", "file", "file", "log", "up.lock"]


def test_reset_deletes_a_database_that_lies_elsewhere(own_var, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("shelter") / "pg"
    (own_var / "pg").rename(elsewhere)
    (own_var / "pg").symlink_to(elsewhere)
    monkeypatch.setenv("YES", "1")
    call_command("reset")
    assert not elsewhere.exists()
    assert not (own_var / "pg").is_symlink()


def test_reset_asks_and_takes_only_the_word(own_var, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    with pytest.raises(CommandError, match=r"^Nothing was deleted\.$"):
        call_command("reset")
    assert (own_var / "secret.key").exists()
    monkeypatch.setattr("builtins.input", lambda question: "reset")
    call_command("reset")
    assert not (own_var / "secret.key").exists()


def test_reset_without_anybody_to_ask_says_how_to_be_sure(own_var, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match=r"^Nobody can be asked here: say `make reset YES=1`\.$"):
        call_command("reset")
    assert (own_var / "secret.key").exists()


def test_reset_leaves_servers_that_are_not_ours_alone(own_var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/studio")
    monkeypatch.setenv("YES", "1")
    with pytest.raises(CommandError, match=r"^DATABASE_URL set: those servers are yours to empty"):
        call_command("reset")
    assert (own_var / "secret.key").exists()
