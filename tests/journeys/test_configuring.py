"""An admin configures a handoff in the browser, and the next customer is handed off by it: on real processes."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

QUEUE, DESTINATION, DISPOSITION = "Store pickup", "Store team", "Picked up"


def test_what_an_admin_configures_and_publishes_is_where_the_next_customer_goes(system, open_page, log_in):
    base = system.demo["base_url"]
    admin = log_in("admin")
    add_queue(admin, base)
    add_destination(admin, base)
    make_default(admin, base)
    publish(admin, base)

    agent = log_in("agent")
    agent.goto(f"{base}/inbox/?view=waiting")
    expect(agent.locator(".hs-connection")).to_have_attribute("data-state", "open")
    ask_for_a_person(open_page(), base)

    agent.locator("[id^=row-]").filter(has_text="the parcel shelf").click()
    expect(agent.locator("#transcript")).to_contain_text(DESTINATION)
    agent.locator("#composer").get_by_role("button", name="Claim").click()
    expect(agent.locator("#composer-text")).to_be_visible()
    last = "SELECT queue_key, destination_name, release_number FROM handoff ORDER BY initiated_at DESC LIMIT 1"
    newest = system.stack.rows("SELECT max(number) FROM release")[0][0]
    assert system.stack.rows(last) == [("store-pickup", DESTINATION, newest)]


def add_queue(admin: Page, base: str) -> None:
    admin.goto(f"{base}/settings/queues/new/")
    admin.get_by_label("Name", exact=True).fill(QUEUE)
    admin.get_by_role("button", name="Add disposition").click()
    admin.get_by_label("Label").fill(DISPOSITION)
    admin.get_by_label("Code").fill("picked_up")
    admin.get_by_role("button", name="Save queue").click()
    expect(admin.locator("main")).to_contain_text(QUEUE)


def add_destination(admin: Page, base: str) -> None:
    admin.goto(f"{base}/destinations/new/")
    admin.get_by_label("Name", exact=True).fill(DESTINATION)
    admin.get_by_label("Queue", exact=True).select_option(label=QUEUE)
    admin.get_by_role("button", name="Save").click()
    expect(admin.locator("#toasts")).to_contain_text(DESTINATION)


def make_default(admin: Page, base: str) -> None:
    admin.goto(f"{base}/destinations/?q=Store+team")
    card = admin.locator(".hs-card").filter(has_text=DESTINATION)
    card.locator("[data-bs-toggle=dropdown]").click()
    card.get_by_role("button", name="Set as default").click()
    expect(admin.locator(".hs-card").filter(has_text=DESTINATION)).to_contain_text("Default")


def publish(admin: Page, base: str) -> None:
    admin.goto(f"{base}/releases/")
    admin.get_by_label("What changed").fill("Parcels go to the store")
    admin.get_by_role("button", name="Publish to live").click()
    expect(admin.locator("#toasts")).to_contain_text("is live")


def ask_for_a_person(customer: Page, base: str) -> None:
    customer.goto(f"{base}/demo/")
    customer.get_by_role("button", name="Chat with us").click()
    expect(customer.get_by_role("status")).to_contain_text("Fern")
    box = customer.get_by_role("textbox").last
    box.fill("I want to talk to a person please, it is about the parcel shelf")
    box.press("Enter")
    expect(customer.get_by_role("log")).to_contain_text("In line")
