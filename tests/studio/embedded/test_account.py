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


def test_programs_the_account_cannot_reach_are_copied_once(closed, shelter):
    install = closed / "install"
    (install / "bin").mkdir(parents=True)
    (install / "bin" / "postgres").write_text("#!/bin/sh\n")
    copy = reachable_copy(install, STRANGER)
    assert copy.parent == shelter
    assert (copy / "bin" / "postgres").read_text() == "#!/bin/sh\n"
    made = os.stat(copy).st_ino
    assert os.stat(reachable_copy(install, STRANGER)).st_ino == made
    (install / "bin" / "postgres").write_text("#!/bin/sh\n# next version\n")
    assert reachable_copy(install, STRANGER) != copy


def test_programs_in_an_open_place_are_used_where_they_are(var, shelter):
    (var / "bin").mkdir()
    assert reachable_copy(var, STRANGER) == var
    assert not shelter.exists()
