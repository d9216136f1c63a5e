"""The system as its users run it, with a CRM that listens."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from integrations.domain.signing import new_secret
from tests.browser.conftest import ANSWERS_WITHIN_MS, ARGUMENTS, browser_path
from tests.emulators.http_receiver import HttpReceiver
from tests.stack import Stack

# Journeys run beside this worker's other tests, whose Redis number must stay their own.
REDIS_OFFSET = 8


@dataclass(frozen=True)
class System:
    """A running stack, the credentials of its demo and the CRM that is told its outcomes."""

    stack: Stack
    demo: dict[str, Any]
    crm: HttpReceiver


@pytest.fixture(scope="session")
def system(tmp_path_factory) -> Iterator[System]:
    """One system for all journeys (one `xdist_group`): building it takes longer than most of them."""
    folder, name = tmp_path_factory.mktemp("system"), os.environ.get("PYTEST_XDIST_WORKER", "main")
    base, _, number = settings.REDIS_URL.rpartition("/")
    stack = Stack(folder, name=name, redis_url=f"{base}/{int(number) + REDIS_OFFSET}")
    secret = new_secret()
    with HttpReceiver(secrets=[secret]) as crm:
        demo = stack.prepare("--webhook", crm.url, "--webhook-secret", secret)
        stack.start()
        try:
            yield System(stack, demo, crm)
        finally:
            stack.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser) -> Iterator:
    """Open pages, each in a context of its own: another person at another computer."""
    contexts: list[BrowserContext] = []

    def open_one() -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(ANSWERS_WITHIN_MS)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(system, open_page):
    def log_in_as(role: str) -> Page:
        user = next(user for user in system.demo["users"] if user["role"] == role)
        page = open_page()
        page.goto(f"{system.demo['base_url']}/login/")
        page.get_by_label("E-mail").fill(user["email"])
        page.get_by_label("Password").fill(user["password"])
        page.get_by_role("button", name="Log in", exact=True).click()
        return page

    return log_in_as
