"""Keys, webhooks, lines and the audit in a real browser: by keyboard alone, and by touch on a phone."""

import re
from ipaddress import ip_network

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from conversations.models import ApiKey
from handoffs.models import Line
from integrations.models import Sealed, WebhookEndpoint
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in
from tests.emulators.http_receiver import Answer, HttpReceiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
SECRET = "whsec_" + "QUJD" * 11


@pytest.fixture
def console(context: BrowserContext, page: Page, owner) -> Page:
    """The owner's browser, logged in."""
    log_in(context, owner)
    return page


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText?.trim().split('\\n')[0]"
            " ?? document.activeElement.ariaLabel"
        )
        if focused and focused.startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def test_a_key_is_made_copied_and_revoked_by_keyboard(console, context, project, complaints):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.goto("/api-keys/")
    press(console, "Add a key")
    expect(console.get_by_role("heading", name="Add a key")).to_be_visible()
    tab_to(console, "Name")
    console.keyboard.type("CRM sync")
    press(console, "Hand conversations off", "Space")
    press(console, "Add the key")
    text = console.locator("#made-key").inner_text()
    press(console, "Copy")
    expect(console.get_by_role("button", name="Copied")).to_be_visible()
    assert console.evaluate("navigator.clipboard.readText()") == text
    assert find_violations(console) == []
    press(console, "It is copied")
    expect(console.get_by_role("cell", name="CRM sync", exact=True)).to_be_visible()
    assert text not in console.content()
    console.get_by_role("button", name="Revoke CRM sync").focus()
    console.keyboard.press("Enter")
    expect(console.get_by_role("dialog", name="Revoke CRM sync?")).to_be_visible()
    assert find_violations(console) == []
    press(console, "Revoke")
    expect(console.locator("#toasts")).to_contain_text("CRM sync is revoked")
    assert ApiKey.objects.get(project=project).revoked_at is not None
    assert complaints == []


def test_going_back_to_the_page_of_a_made_key_does_not_show_it_again(console):
    console.goto("/api-keys/yours/add/")
    console.get_by_label("Name").fill("Laptop")
    console.get_by_role("button", name="Add the token").click()
    text = console.locator("#made-key").inner_text()
    console.get_by_role("link", name="It is copied").click()
    expect(console.get_by_role("cell", name="Laptop", exact=True)).to_be_visible()
    assert text not in console.evaluate("JSON.stringify([localStorage, sessionStorage])")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser has not kept it, and asks before sending again
        console.go_back()
    expect(console.locator("body")).not_to_contain_text(text)


def test_a_ping_shows_its_answer_and_stands_among_the_deliveries_without_a_reload(
    console, project, settings, complaints
):
    settings.OUTGOING_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with HttpReceiver(secrets=[SECRET]) as receiver:
        receiver.will_answer(Answer(200, body=b"thanks"), Answer(500, body=b"boom"))
        endpoint = WebhookEndpoint.objects.create(
            project=project, environment="live", name="CRM", url=receiver.url, secret=Sealed.of(SECRET)
        )
        console.goto(f"/webhooks/{endpoint.pk}/")
        button = console.get_by_role("button", name="Send a test ping")
        button.focus()
        console.keyboard.press("Enter")
        expect(console.locator("#ping")).to_contain_text(re.compile(r"The ping arrived: 200 after \d+ ms"))
        expect(console.locator("#ping")).to_contain_text("thanks")
        expect(console.locator("#deliveries tbody tr")).to_have_count(1)
        button.click()
        expect(console.locator("#ping")).to_contain_text("The receiver answered 500")
        expect(console.locator("#deliveries tbody tr")).to_have_count(2)
    assert all(call.is_signed for call in receiver.calls)
    assert find_violations(console) == []
    assert complaints == []


def test_a_line_is_added_and_its_method_locked_by_keyboard(console, project, complaints):
    console.goto("/integrations/")
    press(console, "SIP trunk")
    expect(console.get_by_role("heading", name="Add a SIP trunk")).to_be_focused()
    tab_to(console, "Domain of the SBC")
    console.keyboard.type("sbc fernhill")
    console.keyboard.press("Control+s")
    expect(console.get_by_role("alert")).to_contain_text("Not saved")
    expect(console.get_by_label("Domain of the SBC")).to_have_value("sbc fernhill")
    console.get_by_label("Domain of the SBC").fill("sbc.fernhill.example")
    console.get_by_role("radio", name="Any").focus()
    console.keyboard.press("ArrowRight")
    console.keyboard.press("Control+s")
    expect(console.get_by_role("link", name="SIP trunk").last).to_be_visible()
    line = Line.objects.get(project=project)
    assert (line.domain, line.required_method) == ("sbc.fernhill.example", "refer")
    assert [text for text in complaints if "422" not in text] == []  # the browser reports the refusal itself


def test_the_audit_filters_without_a_reload_and_keeps_its_address(console, project, owner):
    Line.objects.create(project=project, environment="live", key="trunk", name="Trunk", domain="a.example")
    console.goto("/api-keys/yours/add/")
    console.get_by_label("Name").fill("Laptop")
    console.get_by_role("button", name="Add the token").click()
    console.goto("/audit/")
    expect(console.locator(".hs-audit-entry")).to_have_count(1)
    console.get_by_label("What", exact=True).select_option("line")
    expect(console.get_by_role("heading", name="0 entries fit")).to_be_visible()
    assert "noun=line" in console.url
    expect(console.get_by_role("link", name="Export these as CSV")).to_have_attribute(
        "href", re.compile("noun=line")
    )  # fmt: skip
    console.get_by_role("link", name="Clear the filters").click()
    with console.expect_download() as download:
        console.get_by_role("link", name="Export as CSV").click()
    assert "added a personal token of" in download.value.path().read_text()


def test_on_a_phone_the_drawer_is_the_page_and_everything_can_be_touched(console, project):
    line = Line.objects.create(project=project, environment="live", key="trunk", name="Trunk", domain="a.example")
    console.set_viewport_size(PHONE)
    for url in (f"/integrations/lines/{line.pk}/", "/webhooks/add/", "/api-keys/add/", "/health/"):
        console.goto(url)
        assert (url, find_overflow(console), find_violations(console)) == (url, [], [])
        assert (url, small_targets(console)) == (url, [])
    console.goto(f"/integrations/lines/{line.pk}/")
    expect(console.get_by_role("heading", name="Integrations")).to_be_hidden()
    console.get_by_role("link", name="Close").click()
    expect(console.get_by_role("heading", name="Integrations")).to_be_visible()


def small_targets(page: Page) -> list[str]:
    """Buttons, fields and boxes in the main part that a thumb would miss: under 44 px, with what enlarges them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('main :is(button, a.hs-btn, input, select, textarea, summary)')]
          .filter((one) => one.checkVisibility() && one.type !== 'hidden')
          .map((one) => [one, one.closest('label.hs-check, label.hs-setting, .hs-segments') ?? one])
          .filter(([one, target]) => {
            const more = getComputedStyle(one, '::after');
            const grown = more.position === 'absolute' ? -2 * parseFloat(more.insetBlockStart || more.top || 0) : 0;
            return target.getBoundingClientRect().height + Math.max(grown || 0, 0) < 43.5;
          })
          .map(([one, target]) => `${one.name || one.textContent.trim()} ${target.getBoundingClientRect().height}`)"""
    )
    return found
