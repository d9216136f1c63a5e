import json
import socket

import pytest

from studio.embedded import addresses


@pytest.fixture
def taken() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_before_the_first_start_the_urls_name_a_port_nobody_listens_on(tmp_path):
    assert addresses.database_url(tmp_path) == "postgresql://postgres:@127.0.0.1:1/postgres"
    assert addresses.redis_url(tmp_path) == "redis://:@127.0.0.1:1/0"
    assert list(tmp_path.iterdir()) == []


def test_ports_are_chosen_once_and_kept(tmp_path):
    assert addresses.assign_ports(tmp_path)
    urls = addresses.database_url(tmp_path), addresses.redis_url(tmp_path)
    assert not addresses.assign_ports(tmp_path)
    assert (addresses.database_url(tmp_path), addresses.redis_url(tmp_path)) == urls


def test_only_a_port_that_another_program_took_is_changed(tmp_path, taken):
    addresses.assign_ports(tmp_path)
    redis_port = addresses.port_of(tmp_path, "redis")
    (tmp_path / "ports.json").write_text(json.dumps({"postgres": taken, "redis": redis_port}))
    assert addresses.assign_ports(tmp_path)
    assert addresses.port_of(tmp_path, "postgres") not in (taken, 1)
    assert addresses.port_of(tmp_path, "redis") == redis_port


def test_the_password_is_readable_by_its_owner_only_and_never_replaced(tmp_path):
    addresses.assign_ports(tmp_path)
    first = addresses.password(tmp_path)
    (tmp_path / "ports.json").unlink()
    addresses.assign_ports(tmp_path)
    assert len(first) == 32
    assert addresses.password(tmp_path) == first
    assert (tmp_path / "servers.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"postgres": "x"}', "null"])
def test_a_damaged_ports_file_counts_as_none(tmp_path, text):
    (tmp_path / "ports.json").write_text(text)
    assert addresses.port_of(tmp_path, "postgres") == 1
    assert addresses.assign_ports(tmp_path)


def test_a_port_somebody_listens_on_is_not_free(taken):
    assert not addresses.is_free(taken)
