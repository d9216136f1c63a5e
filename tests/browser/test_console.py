"""The console's frame in a real browser: logging in, the theme, the keys, and pages that fit their window."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import find_violations
from tests.browser.hands import log_in
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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
    page.wait_for_load_state()  # with it the scripts have run
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


def test_the_palette_opens_out_of_a_field_and_goes_where_the_arrows_point(at_home, complaints):
    palette = at_home.get_by_role("dialog", name="Go anywhere")
    at_home.keyboard.press("Control+k")
    field = palette.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(palette.get_by_role("option", name="Inbox")).to_be_visible()
    at_home.keyboard.press("Control+k")
    expect(palette).to_be_hidden()

    at_home.keyboard.press("Control+k")
    field.fill("bo")
    expect(palette.get_by_role("option")).to_have_count(2)
    chosen = palette.locator("[aria-selected=true]")
    expect(chosen).to_contain_text("Inbox")
    at_home.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("Show the sandbox")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    at_home.keyboard.press("ArrowUp")
    assert find_violations(at_home) == []
    at_home.keyboard.press("Enter")
    expect(at_home).to_have_url(re.compile("/inbox/$"))
    assert complaints == []


def test_enter_waits_for_what_was_typed_last(at_home):
    at_home.keyboard.press("Control+k")
    at_home.keyboard.type("inbox")
    at_home.keyboard.press("Enter")
    expect(at_home).to_have_url(re.compile("/inbox/$"))


def test_the_palette_says_when_nothing_is_called_that(at_home):
    at_home.keyboard.press("Control+k")
    at_home.keyboard.type("no such thing")
    expect(at_home.get_by_role("dialog").get_by_role("status")).to_contain_text("Nothing is called that")


def test_g_and_a_letter_go_to_a_page_and_the_slash_searches(at_home):
    at_home.keyboard.press("g")
    at_home.keyboard.press("i")
    expect(at_home).to_have_url(re.compile("/inbox/$"))
    at_home.keyboard.press("g")
    at_home.keyboard.press("x")
    at_home.keyboard.press("/")
    expect(at_home.get_by_role("dialog", name="Go anywhere")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_test_handoff_rings_in_ones_own_inbox_and_the_step_is_done_once_it_is_closed(
    context, page, worker, release, owner, width
):
    log_in(context, owner)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/")
    page.get_by_role("button", name="Send a test handoff").click()
    expect(page).to_have_url(re.compile("environment=sandbox&view=waiting"))
    page.goto(page.locator(".hs-listrow > a").get_attribute("href") or "")
    expect(page.locator("#transcript")).to_contain_text("I would like to speak to a person")
    page.locator("#composer").get_by_role("button", name="Claim").click()
    page.locator("#composer-text").fill("Hello Robin")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".hs-bubble--human")).to_have_text("Hello Robin")
    page.locator("#conversation-head").get_by_role("button", name="Close").click()
    dialog = page.locator("#close-dialog")
    dialog.get_by_label("What came out of it").select_option("no_action")
    dialog.get_by_role("radio", name="Resolved", exact=True).check()
    dialog.get_by_role("button", name="Close conversation").click()
    expect(page.locator("#composer")).to_contain_text("This conversation is closed")

    page.goto("/")
    expect(page.locator(".hs-steps")).to_contain_text("Claimed, answered and closed")


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
