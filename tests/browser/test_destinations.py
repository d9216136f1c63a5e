"""Destinations in a real browser: everything by keys alone, the same by touch on a phone, and nobody shut out."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Conversation, Customer
from handoffs.models import Destination, Line, Queue, Topic
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fresh(project) -> None:
    """A project whose only destination nothing uses, and a phone conversation with state."""
    Topic.objects.all().delete()
    Queue.objects.create(project=project, key="second", name="Second line")
    customer = Customer.objects.create(project=project, environment="live", name="Joan Pritchard")
    Conversation.objects.create(
        project=project,
        environment="live",
        channel="phone",
        customer=customer,
        reason="complaint",
        state={"customer_id": "FM-208441", "customer_name": "Joan Pritchard"},
    )


@pytest.fixture
def at_list(context, page, fresh, owner) -> Page:
    return open_list(context, page, owner)


@pytest.fixture
def by_touch(phone, fresh, owner) -> Page:
    return open_list(phone.context, phone, owner)


def open_list(context: BrowserContext, page: Page, user) -> Page:
    log_in(context, user)
    page.goto("/destinations/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Destinations")
    return page


def type_into(page: Page, locator, text: str) -> None:
    tab_to(page, locator)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def open_menu(page: Page, name: str) -> None:
    press(page, page.get_by_role("button", name=f"{name}: actions", exact=True))
    expect(page.get_by_role("link", name="Edit e").locator("visible=true")).to_be_visible()


def choose_in_menu(page: Page, name: str, item: str) -> None:
    open_menu(page, name)
    press(
        page,
        page.locator(".dropdown-menu.show")
        .get_by_text(item)
        .locator("xpath=ancestor-or-self::*[self::button or self::a][1]"),
    )


def test_everything_is_done_by_keys_alone(at_list, complaints):
    page = at_list
    press(page, page.get_by_role("link", name="Add destination"))
    type_into(page, page.get_by_label("Name", exact=True), "Complaints")
    press(page, page.get_by_role("switch", name="Phone calls"), "Space")
    type_into(page, page.get_by_label("Route"), "sip:complaints@sbc.example.com")
    press(page, page.get_by_role("button", name="Add header"))
    expect(page.get_by_label("Header name")).to_be_focused()
    page.keyboard.type("X-Customer-ID")
    page.keyboard.press("Tab")
    page.keyboard.type("id:$cus")
    expect(page.get_by_role("option", name="customer_id")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Header value")).to_have_value("id:$customer_id")
    expect(page.get_by_role("list", name="The request, line by line")).to_contain_text("X-Customer-ID: id:FM-208441")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Complaints saved")).to_be_visible()
    complaint = Destination.objects.get(name="Complaints")
    assert complaint.headers == [{"name": "X-Customer-ID", "value": "id:$customer_id", "when_missing": "drop"}]

    press(page, page.get_by_role("link", name="Destinations").first)
    open_menu(page, "Complaints")
    page.keyboard.press("e")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Complaints")
    type_into(page, page.get_by_label("Description"), "Formal complaints")
    expect(page.get_by_text("1 unsaved change")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Nothing unsaved")).to_be_visible()

    page.goto("/destinations/")
    choose_in_menu(page, "Complaints", "Duplicate")
    expect(page.get_by_text("Copy of Complaints added")).to_be_visible()
    choose_in_menu(page, "Complaints", "Set as default")
    expect(page.get_by_text("Complaints is the default")).to_be_visible()
    choose_in_menu(page, "Copy of Complaints", "Delete")
    expect(page.get_by_role("dialog")).to_be_visible()
    type_into(page, page.get_by_label("Type Copy of Complaints to confirm"), "Copy of Complaints")
    press(page, page.get_by_role("button", name="Delete", exact=True))
    expect(page.get_by_text("Copy of Complaints deleted")).to_be_visible()

    assert set(Destination.objects.values_list("name", "is_default")) == {("Billing", False), ("Complaints", True)}
    assert complaints == []


def test_the_same_is_done_by_touch_on_a_phone(by_touch, complaints):
    page = by_touch
    page.get_by_role("link", name="Add").first.tap()
    page.get_by_label("Name", exact=True).fill("Complaints")
    page.get_by_label("Queue", exact=True).select_option("second")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Complaints saved")).to_be_visible()
    page.get_by_role("link", name="All destinations").tap()

    def choose(name: str, item: str) -> None:
        page.get_by_role("button", name=f"{name}: actions", exact=True).tap()
        shown = page.locator(".dropdown-menu.show")
        assert shown.locator(".hs-menu-item").first.bounding_box()["height"] >= 44
        shown.get_by_text(item).tap()

    choose("Complaints", "Edit")
    page.get_by_label("Description").fill("Formal complaints")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Complaints saved")).to_be_visible()
    page.get_by_role("link", name="All destinations").tap()
    choose("Complaints", "Duplicate")
    expect(page.get_by_text("Copy of Complaints added")).to_be_visible()
    choose("Complaints", "Set as default")
    expect(page.get_by_text("Complaints is the default")).to_be_visible()
    choose("Copy of Complaints", "Delete")
    page.get_by_label("Type Copy of Complaints to confirm").fill("Copy of Complaints")
    page.get_by_role("button", name="Delete", exact=True).tap()
    expect(page.get_by_text("Copy of Complaints deleted")).to_be_visible()

    assert set(Destination.objects.values_list("name", "is_default")) == {("Billing", False), ("Complaints", True)}
    assert complaints == []


def test_parts_vanish_with_the_method_and_keep_what_they_hold(at_list, project):
    page = at_list
    page.goto("/destinations/new/")
    press(page, page.get_by_role("switch", name="Phone calls"), "Space")
    route, encryption = page.locator("#id_route"), page.get_by_role("group", name="Encryption")
    type_into(page, route, "sip:desk@sbc.example.com")
    tab_to(page, page.locator("[name=method]:checked"))
    expect(encryption).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(encryption).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(route).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(route).to_have_value("sip:desk@sbc.example.com")
    expect(encryption).to_be_hidden()


def test_headers_are_moved_by_keys_and_the_completion_closes_with_escape(at_list):
    page = at_list
    page.goto("/destinations/new/")
    press(page, page.get_by_role("switch", name="Phone calls"), "Space")
    for name in ("X-A", "X-B"):
        press(page, page.get_by_role("button", name="Add header"))
        page.keyboard.type(name)
    page.keyboard.press("Alt+ArrowUp")
    names = page.get_by_label("Header name")
    expect(names.first).to_have_value("X-B")
    expect(names.first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("$")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_label("Header value").first).to_be_focused()
    assert page.locator("[name=headers-0-name]").input_value() == "X-B"


def test_a_test_is_run_from_the_card_and_the_focus_comes_back(at_list):
    page = at_list
    choose_in_menu(page, "Billing", "Test in sandbox")
    dialog = page.get_by_role("dialog", name="Test Billing")
    expect(dialog).to_contain_text("A made-up customer is handed off to Billing")
    press(page, dialog.get_by_role("button", name="Run the test"))
    expect(dialog).to_contain_text("Reached the queue and was closed again")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Billing: actions")).to_be_focused()
    expect(page.get_by_text("tested just now")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_nobody_is_shut_out_and_nothing_sticks_out(at_list, project, complaints, theme, width, height):
    page = at_list
    Line.objects.create(
        project=project, environment="live", key="t", name="Twilio +44 20 7946 0142", domain="a.example",
        required_method="refer",
    )  # fmt: skip
    row = Destination.objects.create(
        project=project, key="r", name="Retention", description="Customers who want to leave", method="invite",
        route="sips:a-rather-long-name-of-a-desk@a-rather-long-host.pbx.fernhill.example", utterance="One moment.",
        headers=[{"name": "X-Id", "value": "$customer_id", "when_missing": "drop"}], queue_key="billing",
    )  # fmt: skip
    page.set_viewport_size({"width": width, "height": height})
    page.context.add_cookies([{"name": "hs_theme", "value": theme, "url": page.url}])
    for path in ("/destinations/", "/destinations/?q=nothing", f"/destinations/{row.pk}/", "/destinations/new/"):
        page.goto(path)
        assert find_violations(page) == [], path
        assert find_overflow(page) == [], path
    page.goto("/destinations/")
    choose_in_menu(page, "Retention", "Preview headers")
    expect(page.get_by_role("dialog")).to_contain_text("FM-208441")
    assert find_violations(page) == []
    assert find_overflow(page) == []
    assert complaints == []
