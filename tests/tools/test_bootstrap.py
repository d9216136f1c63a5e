"""What a machine may lack is said in one sentence that names the remedy."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap

REPOSITORY = Path(bootstrap.__file__).parent.parent


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch):
    """No servers configured, no program on the path."""
    for variable in ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE", "CHROMIUM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with nothing made yet."""
    for name, path in {"ROOT": "", "VENV": ".venv", "VAR": "var", "STAMP": ".venv/installed.json"}.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / path)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / "var").mkdir()
    return tmp_path


def machine(monkeypatch, *, system="Linux", kind="x86_64", libc="glibc"):
    monkeypatch.setattr(bootstrap.platform, "system", lambda: system)
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: kind)
    monkeypatch.setattr(bootstrap.platform, "libc_ver", lambda: (libc, "2.36"))


def test_linux_on_x86_needs_nothing(monkeypatch):
    machine(monkeypatch)
    bootstrap.check_system()


SYSTEMS = [("Darwin", "arm64", ""), ("Linux", "x86_64", ""), ("Linux", "riscv64", "glibc")]


@pytest.mark.parametrize(("system", "kind", "libc"), SYSTEMS)
def test_another_system_is_told_to_bring_its_servers(monkeypatch, system, kind, libc):
    machine(monkeypatch, system=system, kind=kind, libc=libc)
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.check_system()
    assert str(stop.value) == (
        f"The built-in PostgreSQL and Redis need Linux with glibc on x86-64, this is {system} {kind}:"
        " set DATABASE_URL (PostgreSQL 15 or later) and REDIS_URL (Redis 6.2 or later) and start again."
    )


def test_another_system_with_servers_of_its_own_is_fine(monkeypatch):
    machine(monkeypatch, system="Darwin", kind="arm64", libc="")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/studio")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis")
    bootstrap.check_system()


def test_arm_linux_lacks_only_redis(monkeypatch, tmp_path):
    machine(monkeypatch, kind="aarch64")
    with pytest.raises(bootstrap.Stop, match=r"^There is no built-in Redis for aarch64: install redis-server or set"):
        bootstrap.check_system()
    server = tmp_path / "valkey-server"
    server.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    bootstrap.check_system()


def test_a_wrong_python_is_named_with_the_packages_to_install(monkeypatch):
    monkeypatch.setattr(bootstrap, "version_of", lambda python: (3, 10))
    monkeypatch.setattr(bootstrap.platform, "python_version", lambda: "3.10.13")
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.find_python()
    assert str(stop.value) == (
        "Python 3.11 or 3.12 is needed, this is 3.10.13: install one (Debian, Ubuntu: `apt install python3.11"
        " python3.11-venv`) and start again, or name it, `make up PYTHON=/path/to/python3.11`."
    )


def test_a_newer_python_fits_only_when_redis_comes_from_elsewhere(monkeypatch):
    monkeypatch.setattr(bootstrap, "version_of", lambda python: (3, 13))
    with pytest.raises(bootstrap.Stop):
        bootstrap.find_python()
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    assert bootstrap.find_python() == sys.executable


def test_a_program_that_is_no_python_is_passed_over(tmp_path):
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert bootstrap.version_of(str(shim)) is None
    assert bootstrap.version_of(str(tmp_path / "absent")) is None
    assert bootstrap.version_of(sys.executable) == sys.version_info[:2]


def test_a_missing_venv_module_names_its_package(checkout, monkeypatch):
    fake = checkout / "python3"
    fake.write_text('#!/bin/sh\ncase "$*" in *version_info*) echo 3 11;; *) exit 1;; esac\n')
    fake.chmod(0o755)
    monkeypatch.setattr(bootstrap, "find_python", lambda: str(fake))
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.make_environment()
    assert str(stop.value) == (
        "Python 3.11 has no venv module here: install it (Debian, Ubuntu: `apt install python3.11-venv`)"
        " and start again."
    )


def test_files_of_another_user_name_the_chown(checkout, monkeypatch):
    (checkout / "var" / "secret.key").touch()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setattr(bootstrap, "user_name", lambda number: "alice")
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.check_ownership()
    assert str(stop.value) == (
        f"{checkout}/var/secret.key belongs to another user, probably from a run as root: give it back with"
        f" `sudo chown -R alice {checkout}/var` and start again."
    )


def test_what_is_installed_already_is_not_installed_again(checkout, monkeypatch):
    (checkout / ".venv").mkdir()
    (checkout / "requirements.txt").write_text("django==5.2\n")
    commands = []
    monkeypatch.setattr(bootstrap, "run", lambda command, *rest: commands.append(command) or 0)
    monkeypatch.setattr(bootstrap, "uv", lambda: "")
    bootstrap.install(("requirements.txt",), None)
    bootstrap.install(("requirements.txt",), None)
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]
    (checkout / "requirements.txt").write_text("django==5.3\n")
    bootstrap.install(("requirements.txt",), None)
    assert len(commands) == 2
    assert list(json.loads((checkout / ".venv" / "installed.json").read_text())) == ["requirements.txt"]


def test_a_failed_installation_shows_the_end_of_its_output_and_leaves_no_stamp(checkout, monkeypatch):
    (checkout / "requirements.txt").write_text("")
    monkeypatch.setattr(bootstrap, "PYTHON", "/bin/false")
    monkeypatch.setattr(bootstrap, "uv", lambda: "")
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.install(("requirements.txt",), None)
    options = "--no-input --disable-pip-version-check --require-hashes"
    assert str(stop.value) == (
        f"The packages could not be installed:\n$ /bin/false -m pip install {options} -r {checkout}/requirements.txt"
    )
    assert not bootstrap.STAMP.exists()


def test_the_bootstrap_program_can_be_read_by_an_old_python():
    """Its syntax is that of 3.8, so that an old interpreter gets the sentence and not a syntax error."""
    ast.parse((REPOSITORY / "tools" / "bootstrap.py").read_text(), feature_version=(3, 8))


def test_make_says_one_sentence_when_there_is_no_python():
    done = subprocess.run(
        ["/usr/bin/make", "up"], cwd=REPOSITORY, env={"PATH": "/nonexistent"}, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Python 3.11 or 3.12 is needed and none was found: install one" in done.stderr
