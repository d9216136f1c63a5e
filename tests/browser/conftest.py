"""A real browser against the whole application, served with its static files straight from the tree."""

import importlib
import os
from collections.abc import Iterator
from typing import Literal

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import studio.asgi
from tests.servers import RunningServer, running_server
from tests.servers import worker as worker  # a fixture for the tests here

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
ANSWERS_WITHIN_MS = 10_000
# Colours are measured and things pressed where they stand, not while they come in.
STILL: Literal["reduce"] = "reduce"


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_playwright() -> Iterator[None]:
    # Playwright's synchronous API keeps a loop in this thread; Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def browser_path() -> str | None:
    """Debian's browser where there is one, else Playwright's own download."""
    return CHROMIUM if os.path.exists(CHROMIUM) else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while Playwright runs, asynchronous tests of other modules could not."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def _site(django_db_setup) -> Iterator[RunningServer]:
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        # The middleware reads where static files are when the application is built.
        importlib.reload(studio.asgi)
        with running_server() as running:
            yield running


@pytest.fixture
def site(transactional_db, _site) -> RunningServer:
    return _site


@pytest.fixture
def context(browser, site) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site.base_url, viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion=STILL
    )
    context.set_default_timeout(ANSWERS_WITHIN_MS)
    yield context
    context.close()
    site.settle()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained about: mistakes of scripts, and violations of the policy."""
    return []


@pytest.fixture
def page(context, complaints) -> Page:
    return _listened_to(context.new_page(), complaints)


@pytest.fixture
def phone(browser, site, complaints) -> Iterator[Page]:
    """A page on a phone of 390 px that is only ever touched."""
    context = browser.new_context(
        base_url=site.base_url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
        reduced_motion=STILL,
    )
    context.set_default_timeout(ANSWERS_WITHIN_MS)
    yield _listened_to(context.new_page(), complaints)
    context.close()
    site.settle()


def _listened_to(page: Page, complaints: list[str]) -> Page:
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page
