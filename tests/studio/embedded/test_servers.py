"""The real servers out of the wheels: started, killed and started again."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from studio.embedded import addresses
from studio.embedded.account import data_directory, postgres_account
from studio.embedded.postgres import postgres_process
from studio.embedded.servers import embedded_servers, needed_servers
from studio.supervisor import Supervisor
from tests.studio.conftest import is_alive, kill, until

BOTH = ("postgres", "redis")


@pytest.fixture
def processes(installed):
    return embedded_servers(installed, BOTH)


def query(var, sql: str):
    with psycopg.connect(addresses.database_url(var), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone() if cursor.description else None


def command_line(pid: int) -> str:
    """What every user of the machine can see of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text()


def broker(var) -> redis.Redis:
    return redis.Redis.from_url(addresses.redis_url(var), decode_responses=True)


async def test_what_was_written_is_there_after_a_stop_and_a_second_start(installed, processes, supervisor, lines):
    await supervisor.start(processes)
    query(installed, "CREATE TABLE kept AS SELECT 42 AS answer")
    broker(installed).set("kept", "yes")
    await supervisor.stop()
    again = Supervisor(write=lines.write)
    try:
        await again.start(embedded_servers(installed, BOTH))
        assert query(installed, "SELECT answer FROM kept") == (42,)
        assert broker(installed).get("kept") == "yes"
    finally:
        await again.stop()


async def test_kill_9_of_both_servers_loses_nothing(installed, processes, supervisor):
    await supervisor.start(processes)
    query(installed, "CREATE TABLE survived AS SELECT 42 AS answer")
    broker(installed).rpush("queue", "task")
    pids = [supervisor.pid(name) for name in BOTH]
    for pid in pids:
        kill(pid)
    await until(lambda: not {supervisor.pid(name) for name in BOTH} & {None, *pids})
    await until(lambda: all(process.is_ready() for process in processes))
    assert query(installed, "SELECT answer FROM survived") == (42,)
    assert broker(installed).lrange("queue", 0, -1) == ["task"]


async def test_stopping_leaves_no_server_behind(processes, supervisor):
    await supervisor.start(processes)
    pids = [supervisor.pid(name) for name in BOTH]
    await supervisor.stop()
    assert not any(map(is_alive, pids))


async def test_postgres_starts_over_a_lock_file_whose_pid_is_another_program(installed, supervisor):
    lock = data_directory(installed) / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{data_directory(installed)}\n0\n1\n\n127.0.0.1\n\nready\n")
    await supervisor.start([postgres_process(installed)])
    assert query(installed, "SELECT 1") == (1,)


async def test_nobody_gets_in_without_the_password(installed, processes, supervisor):
    await supervisor.start(processes)
    secret = addresses.password(installed)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(addresses.database_url(installed).replace(f":{secret}@", "@"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(addresses.redis_url(installed).replace(f":{secret}@", "")).ping()
    assert not any(secret in command_line(supervisor.pid(name)) for name in BOTH)


async def test_as_root_postgres_runs_as_an_account_without_rights(installed, processes, supervisor):
    await supervisor.start(processes)
    owner = data_directory(installed).stat()
    assert os.stat(f"/proc/{supervisor.pid('postgres')}").st_uid == owner.st_uid != 0
    assert owner.st_mode & 0o777 == 0o700
    assert (postgres_account(data_directory(installed)) is not None) == (os.geteuid() == 0)


async def test_text_is_sorted_and_folded_as_the_schema_expects(installed, processes, supervisor):
    await supervisor.start(processes[:1])
    assert query(installed, "SELECT 'B' < 'a', lower('ÀÉ'), current_setting('server_encoding')") == (True, "àé", "UTF8")


def test_a_configured_url_needs_no_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/studio")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.delenv("REDIS_URL_FILE", raising=False)
    assert needed_servers() == ("redis",)
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis")
    assert needed_servers() == ()
