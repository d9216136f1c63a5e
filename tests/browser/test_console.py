"""The console's frame in a real browser: logging in, the theme, the keys, and pages that fit their window."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"
WIDER_THAN_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"
SIZES = [(1440, 900), (800, 900), (390, 844)]


@pytest.fixture
def at_home(page, agent) -> Page:
    """The agent's page after logging in."""
    page.goto("/")
    page.get_by_label("E-mail").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fernhill Mobile")
    return page


def choose_theme(page: Page, name: str) -> None:
    page.get_by_role("button", name="Maya Okafor").click()
    page.get_by_role("button", name=name).first.click()


def test_an_agent_logs_in_without_a_complaint_of_the_browser(at_home, complaints):
    assert complaints == []


def test_a_wrong_password_leaves_the_email_and_says_why(page, agent):
    page.goto("/login/")
    page.get_by_label("E-mail").fill(agent.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("E-mail")).to_have_value(agent.email)


def test_the_theme_changes_at_once_and_is_in_the_next_pages_html(at_home):
    choose_theme(at_home, "Dark")
    expect(at_home.locator("html")).to_have_attribute("data-bs-theme", "dark")
    html = at_home.evaluate("fetch('/').then((answer) => answer.text())")
    assert 'data-bs-theme="dark"' in html.split(">", 2)[1]


def test_without_a_choice_the_page_follows_the_system(browser, site):
    context = browser.new_context(base_url=site.base_url, color_scheme="dark")
    page = context.new_page()
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    context.close()


def test_the_question_mark_shows_the_keys_until_single_keys_are_switched_off(at_home):
    dialog = at_home.get_by_role("dialog", name="Keys")
    at_home.keyboard.press("?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("switch").uncheck()
    at_home.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    at_home.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_logging_out_leads_to_the_log_in(at_home):
    at_home.get_by_role("button", name="Maya Okafor").click()
    at_home.get_by_role("button", name="Log out", exact=True).first.click()
    expect(at_home.get_by_role("heading", level=1)).to_have_text("Log in to Handoff Studio")


def test_no_page_is_wider_than_its_window(at_home):
    for width, height in SIZES:
        at_home.set_viewport_size({"width": width, "height": height})
        for path in ("/", "/no-such-page/"):
            at_home.goto(path)
            assert not at_home.evaluate(WIDER_THAN_WINDOW), (path, width)
