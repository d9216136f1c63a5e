import pytest

from tools import browser


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any browser, on which installing fails with a line in the log."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "BY_APT", (("/bin/false",),))
    monkeypatch.setattr(browser.sys, "executable", "/bin/echo")
    monkeypatch.setattr(browser, "_playwrights", lambda: "/nonexistent")
    return tmp_path


def program(path, exit_code: int) -> str:
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


def test_an_installed_browser_is_used(bare):
    expected = program(bare / "google-chrome", 0)
    assert browser.find_browser(bare / "log") == expected
    assert not (bare / "log").exists()


def test_the_named_browser_comes_first(bare, monkeypatch):
    program(bare / "chromium", 0)
    monkeypatch.setenv("CHROMIUM", program(bare / "mine", 0))
    assert browser.find_browser(bare / "log") == str(bare / "mine")


def test_a_stub_that_does_not_run_is_passed_over(bare):
    program(bare / "chromium", 1)
    expected = program(bare / "google-chrome-stable", 0)
    assert browser.find_browser(bare / "log") == expected


def test_without_any_the_remedy_is_named_and_the_output_shown(bare):
    with pytest.raises(browser.NoBrowser) as error:
        browser.find_browser(bare / "log")
    assert str(error.value) == (
        "The browser tests need Chromium and none could be had: install it (Debian: `apt install chromium`) or name one"
        " with CHROMIUM=/path/to/chromium.\n-m playwright install chromium"
    )
