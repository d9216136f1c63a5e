"""What somebody at a browser does: log in, come to a control by Tab alone, press it."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.models import User

MOST_TABS = 160
HAS_FOCUS = "all => all.some(element => element === document.activeElement)"


def log_in(context: BrowserContext, user: User) -> None:
    """Give the browser a session, without the page of the log-in."""
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([{**cookie, "domain": "127.0.0.1", "path": "/"}])


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus, as somebody without a mouse would."""
    expect(control.first).to_be_attached()
    for _ in range(MOST_TABS):
        if control.evaluate_all(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by Tab")


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    tab_to(page, control)
    page.keyboard.press(key)
