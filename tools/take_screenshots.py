"""Plays the main job in a browser against a running demo, opens what an admin configures, and takes the pictures of
the documentation.

    make up PORT=8300 STUDIO_VAR=/tmp/pictures      # a fresh demo, in another terminal
    .venv/bin/python -m tools.take_screenshots /tmp/pictures/demo.json

The pictures go to docs/pictures/. Needs what `make test` installs.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools.browser import find_browser

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WINDOW = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000

REFUND = (
    "Hi, I sent my phone back two weeks ago and there's still no refund. Order 7741-0932.",
    "That's what it said last week. I'd like to speak to a person please.",
)
OTHERS = (
    ("My number has not been ported yet", "can I talk to someone who can look into it?"),
    ("I want to cancel my contract",),
    ("I want to make a complaint",),
)
# Picture and address of what an owner sees; a part of the address of the link to follow from there, if any.
CONFIGURED = (
    ("first-run", "/", ""),
    ("destinations", "/destinations/", ""),
    ("edit-destination", "/destinations/?q=complaints", "/destinations/0"),
    ("handoff-settings", "/settings/", ""),
    ("office-hours", "/settings/hours/", "/settings/hours/0"),
)


@dataclass(frozen=True)
class Stage:
    """A browser, the demo it plays in and where its pictures go."""

    browser: Browser
    demo: dict[str, Any]

    def somebody(self, **options: Any) -> Page:
        context = self.browser.new_context(
            base_url=self.demo["base_url"], viewport=WINDOW, locale="en-GB", timezone_id="Europe/London", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def log_in(self, role: str, **options: Any) -> Page:
        user = next(user for user in self.demo["users"] if user["role"] == role)
        page = self.somebody(**options)
        page.goto("/login/")
        page.get_by_label("E-mail").fill(user["email"])
        page.get_by_label("Password").fill(user["password"])
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page.get_by_role("navigation").first).to_be_visible()
        return page

    def customer(self, *texts: str) -> tuple[Page, str]:
        """A visitor of the shop who says this, answer by answer, and then waits in line; page and session id."""
        page = self.somebody()
        page.goto("/demo/")
        with page.expect_response("**/api/v1/sessions") as session:
            page.get_by_role("button", name="Chat with us").click()
        for number, text in enumerate(texts, start=1):
            expect(page.locator("[data-author=ai] .bubble:not(.dots)")).to_have_count(number)
            say(page, text)
        expect(page.get_by_role("log")).to_contain_text("in line for")
        return page, session.value.json()["session_id"]


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").last.fill(text)
    page.keyboard.press("Enter")


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)  # transitions
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


def open_waiting(agent: Page, conversation: str) -> None:
    agent.goto("/inbox/?view=waiting")
    agent.locator(f"#row-{conversation}").click()
    expect(agent.locator("#transcript")).to_contain_text(REFUND[1])


def answer(agent: Page, customer: Page) -> None:
    agent.locator("#composer").get_by_role("button", name="Claim").click()
    expect(agent.locator("#composer-text")).to_be_visible()
    agent.locator("#composer-text").fill(
        "Hi, Maya here. I can see the return was scanned on 9 November, so you're right to chase this."
    )
    agent.keyboard.press("Control+Enter")
    expect(customer.get_by_role("log")).to_contain_text("Maya here")
    say(customer, "It says pending but it has been 11 days")
    expect(agent.locator("#transcript")).to_contain_text("It says pending")


def close(agent: Page) -> None:
    agent.locator("#composer-text").fill("I've released it by hand. It goes back to your card ending 2207.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".hs-bubble--human").last).to_contain_text("released it by hand")
    agent.locator("#conversation-head").get_by_role("button", name="Close").click()
    dialog = agent.locator("#close-dialog")
    choice = dialog.get_by_label("What came out of it")
    choice.select_option(index=1)
    dialog.get_by_role("radio", name="Resolved", exact=True).check()
    dialog.get_by_role("button", name="Close conversation").click()
    expect(agent.locator("#composer")).to_contain_text("closed")


def judge(reviewer: Page, conversation: str) -> None:
    reviewer.goto(f"/review/{conversation}/")
    reviewer.locator("body").press("1")
    expect(reviewer.locator("#verdict-saved")).to_contain_text("Saved")


def play(stage: Stage) -> None:
    customer, conversation = stage.customer(*REFUND)
    for texts in OTHERS:
        stage.customer(*texts)
    take(customer, "customer-waiting")
    agent = stage.log_in("agent")
    open_waiting(agent, conversation)
    answer(agent, customer)
    for page, name in ((agent, "agent-inbox"), (stage.log_in("agent", color_scheme="dark"), "agent-inbox-dark")):
        page.goto(f"/inbox/{conversation}/")
        expect(page.locator("#transcript")).to_contain_text("It says pending")
        take(page, name)
    close(agent)
    reviewer = stage.log_in("reviewer")
    judge(reviewer, conversation)
    take(reviewer, "review")


def configure(stage: Stage) -> None:
    owner = stage.log_in("owner")
    for name, address, link in CONFIGURED:
        owner.goto(address)
        if link:
            owner.goto(owner.locator(f"main a[href*='{link}']").first.get_attribute("href") or address)
        expect(owner.locator("main .htmx-request, main .hs-skeleton")).to_have_count(0)
        take(owner, name)


def main(credentials: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    demo = json.loads(Path(credentials).read_text(encoding="utf-8"))
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        path = find_browser(Path(credentials).with_name("browser.log"))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        stage = Stage(browser, demo)
        configure(stage)
        play(stage)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
