import os

import pytest

from studio.embedded import account
from studio.embedded.account import Account, can_enter, data_directory, place_data, reachable_copy

STRANGER = Account(54_321, 54_321)


@pytest.fixture
def shelter(var, monkeypatch):
    folder = var / "shelter"
    monkeypatch.setattr(account, "SHELTER", folder)
    return folder


@pytest.fixture
def closed(var):
    """A checkout below a directory that only its owner may enter, as /root is."""
    home = var / "home"
    (home / "checkout" / "var").mkdir(parents=True)
    home.chmod(0o700)
    return home / "checkout"


def test_the_data_stay_inside_where_the_account_can_go(var, shelter):
    place_data(var, STRANGER)
    assert data_directory(var) == var / "pg"
    assert not shelter.exists()


def test_below_a_closed_directory_the_data_get_a_link_to_a_place_that_is_open(closed, shelter):
    place_data(closed / "var", STRANGER)
    data = data_directory(closed / "var")
    assert data.parent.parent == shelter
    assert can_enter(data, STRANGER)
    place_data(closed / "var", STRANGER)
    assert data_directory(closed / "var") == data


def test_an_ordinary_user_needs_no_other_place(closed, shelter):
    place_data(closed / "var", None)
    assert data_directory(closed / "var") == closed / "var" / "pg"


@pytest.fixture
def programs():
    """Puts an installation with its libraries into a directory."""

    def put(base, text="#!/bin/sh\n"):
        for name in ("server/bin", "server.libs"):
            (base / name).mkdir(parents=True, exist_ok=True)
        (base / "server" / "bin" / "postgres").write_text(text)
        (base / "server.libs" / "libpq.so").write_text("")

    return put


PARTS = ("server", "server.libs")


def test_programs_the_account_cannot_reach_are_copied_once_with_their_libraries(closed, shelter, programs):
    programs(closed)
    copy = reachable_copy(closed, PARTS, STRANGER)
    assert copy.parent == shelter
    files = sorted(str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file())
    assert files == ["server.libs/libpq.so", "server/bin/postgres"]
    made = os.stat(copy).st_ino
    assert os.stat(reachable_copy(closed, PARTS, STRANGER)).st_ino == made
    programs(closed, "#!/bin/sh\n# next version\n")
    assert reachable_copy(closed, PARTS, STRANGER) != copy


def test_programs_in_an_open_place_are_used_where_they_are(var, shelter, programs):
    programs(var)
    assert reachable_copy(var, PARTS, STRANGER) == var
    assert not shelter.exists()
