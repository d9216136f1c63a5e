"""The main job in real browsers, on real processes: from the customer's first word to the reviewer's verdict."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

QUESTION = "My refund for order 7741-0932 has not come, I want to talk to a person please"
REPLY = "Hello, I have your return in front of me"
OUTCOME_WITHIN_SECONDS = 20


def test_from_the_customers_first_word_to_the_reviewers_verdict(system, open_page, log_in):
    base = system.demo["base_url"]
    agent = log_in("agent")
    agent.goto(f"{base}/inbox/?view=waiting")
    expect(agent.locator(".hs-connection")).to_have_attribute("data-state", "open")
    agent.evaluate("window.neverReloaded = true")

    customer = open_page()
    customer.goto(f"{base}/demo/")
    customer.get_by_role("button", name="Chat with us").click()
    expect(customer.get_by_role("status")).to_contain_text("Fern")
    say(customer, "How long does delivery take?")
    say(customer, QUESTION)
    expect(customer.get_by_role("log")).to_contain_text("In line")

    agent.locator("[id^=row-]").filter(has_text="My refund for order").click()
    expect(agent.locator("#transcript")).to_contain_text(QUESTION)
    assert agent.evaluate("window.neverReloaded === true")
    agent.locator("#composer").get_by_role("button", name="Claim").click()
    agent.locator("#composer-text").fill(REPLY)
    agent.keyboard.press("Control+Enter")

    expect(customer.get_by_role("log")).to_contain_text(REPLY)
    say(customer, "Thank you, that is all")
    expect(agent.locator("#transcript")).to_contain_text("Thank you, that is all")

    conversation_id = close_conversation(agent)
    expect(customer.get_by_role("button", name="Start a new conversation")).to_be_visible()

    outcome = pushed_outcome(system, conversation_id)
    assert outcome.is_signed
    assert outcome.is_signed_standard
    assert outcome.json["data"]["resolved"] is True

    judge(log_in("reviewer"), base, conversation_id)
    verdicts = "SELECT verdict FROM annotation WHERE conversation_id = %s AND verdict <> ''"
    assert system.stack.rows(verdicts, conversation_id) == [("needed",)]


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").last
    box.fill(text)
    box.press("Enter")
    expect(page.get_by_role("log")).to_contain_text(text)


def close_conversation(agent: Page) -> str:
    """Close with the first disposition; return the conversation's id."""
    agent.locator("#conversation-head").get_by_role("button", name="Close").click()
    dialog = agent.locator("#close-dialog")
    dialog.get_by_label("What came out of it").select_option(index=1)
    dialog.get_by_role("radio", name="Resolved", exact=True).check()
    dialog.get_by_role("button", name="Close conversation").click()
    expect(agent.locator("#composer")).to_contain_text("This conversation is closed")
    found = re.search(r"/inbox/([0-9a-f-]{36})", agent.url)
    assert found, agent.url
    return found.group(1)


def pushed_outcome(system, conversation_id: str):
    """Wait for the outcome of this conversation at the CRM."""
    for _ in range(OUTCOME_WITHIN_SECONDS * 10):
        for call in system.crm.calls:
            if call.json["event"] == "outcome.recorded" and call.json["data"]["conversation_id"] == conversation_id:
                return call
        system.crm.pause(0.1)
    raise AssertionError("the outcome did not reach the CRM")


def judge(reviewer: Page, base: str, conversation_id: str) -> None:
    reviewer.goto(f"{base}/review/")
    reviewer.locator(f'a[href*="{conversation_id}"]').first.click()
    expect(reviewer.locator("main")).to_contain_text(QUESTION)
    reviewer.get_by_role("radio", name="Needed").check(force=True)
    expect(reviewer.locator("#verdict-saved")).to_contain_text("Saved")
