"""The inbox in a real browser: live without reload, one winner, nothing lost on the way."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Draft, Event, Outcome
from conversations.services.ownership import Owner, change_owner, lock_conversation
from handoffs.models import Presence
from handoffs.services.claims import claim_conversation
from tests.browser.hands import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def inbox(context, page, agent) -> Page:
    """Maya's browser, logged in."""
    log_in(context, agent)
    return page


def live(page: Page) -> Page:
    """Wait until the page's socket is open."""
    expect(page.locator(".hs-connection")).to_have_attribute("data-state", "open")
    return page


def row_of(page: Page, conversation):
    return page.locator(f"#row-{conversation.pk}")


def test_from_waiting_to_closed_without_a_reload(inbox, conversation, cast, complaints, agent):
    inbox.goto("/inbox/")
    live(inbox).evaluate("window.neverReloaded = true")

    cast.customer_says(conversation, "Where is my refund?")
    cast.hand_off(conversation)
    expect(row_of(inbox, conversation).locator("[data-clock-text]")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(inbox.locator("#inbox-views [href='/inbox/?view=waiting'] .hs-num")).to_have_text("1")

    row_of(inbox, conversation).click()
    expect(inbox.locator("#transcript")).to_contain_text("Where is my refund?")
    inbox.locator("#composer").get_by_role("button", name="Claim").click()
    expect(inbox.locator("#transcript .hs-handoff-to")).to_have_text("You")
    expect(row_of(inbox, conversation).locator(".hs-owner--mine")).to_be_visible()

    inbox.locator("#composer-text").fill("Hello, Maya here")
    inbox.keyboard.press("Control+Enter")
    expect(inbox.locator(".hs-bubble--human")).to_have_text("Hello, Maya here")
    cast.customer_says(conversation, "It says pending")
    expect(inbox.locator("#transcript .hs-bubble").last).to_have_text("It says pending")

    inbox.get_by_role("tab", name="Note").click()
    inbox.locator("#composer-text").fill("Reference 88-2207")
    inbox.get_by_role("button", name="Add note").click()
    expect(inbox.locator(".hs-bubble--note")).to_contain_text("Reference 88-2207")

    inbox.locator("#conversation-head").get_by_role("button", name="Close").click()
    dialog = inbox.locator("#close-dialog")
    dialog.get_by_label("What came out of it").select_option("refund_issued")
    dialog.get_by_role("radio", name="Resolved", exact=True).check()
    dialog.get_by_role("button", name="Close conversation").click()
    expect(inbox.locator("#composer")).to_contain_text("This conversation is closed")
    expect(inbox.locator("#transcript")).to_contain_text("Refund issued")
    expect(inbox.locator("#inbox-list")).to_contain_text("all caught up")

    assert inbox.evaluate("window.neverReloaded") is True
    assert inbox.locator("[id^=event-]").count() == len(
        set(inbox.locator("[id^=event-]").evaluate_all("turns => turns.map(turn => turn.id)"))
    )
    assert (Outcome.objects.get().code, Outcome.objects.get().handled_by) == ("refund_issued", agent.full_name)
    assert complaints == []


def test_a_wait_clock_ticks(inbox, waiting):
    inbox.goto("/inbox/")
    shown = row_of(inbox, waiting).locator("[data-clock-text]")
    before = shown.text_content()

    expect(shown).not_to_have_text(before or "")


def test_of_two_agents_the_slower_one_is_told_who_won(inbox, waiting, other_agent, complaints):
    inbox.goto(f"/inbox/{waiting.pk}/")
    live(inbox)
    # The news of the claim is held back from this page, as a slow line would.
    inbox.evaluate("document.addEventListener('htmx:wsBeforeMessage', event => event.preventDefault(), true)")
    won = claim_conversation(conversation_id=waiting.pk, agent=other_agent, at=timezone.now())

    inbox.locator("#composer").get_by_role("button", name="Claim").click()

    expect(inbox.locator("#toasts")).to_contain_text(f"Tomás Ribeiro claimed this at {won.owner_since:%H:%M:%S}")
    expect(inbox.locator("#composer")).to_contain_text("Tomás Ribeiro has this conversation.")


def pass_on(conversation, somebody) -> None:
    with transaction.atomic():
        change_owner(
            conversation=lock_conversation(conversation.pk),
            owner=Owner(OwnerKind.HUMAN, str(somebody.pk)),
            event=NewEvent("handoff.changed", "system"),
            at=timezone.now(),
        )


def test_a_refused_reply_stays_as_a_draft_with_who_and_when(inbox, claimed, other_agent):
    inbox.goto(f"/inbox/{claimed.pk}/")
    live(inbox).evaluate("document.addEventListener('htmx:wsBeforeMessage', event => event.preventDefault(), true)")
    pass_on(claimed, other_agent)

    inbox.locator("#composer-text").fill("I was about to say")
    inbox.keyboard.press("Control+Enter")

    claimed.refresh_from_db()
    problem = inbox.locator("#composer-problem")
    expect(problem).to_contain_text(f"Tomás Ribeiro claimed this at {claimed.owner_since:%H:%M:%S}")
    expect(problem).to_contain_text("your reply is kept as a draft")
    expect(inbox.locator("#composer")).to_contain_text("I was about to say")
    inbox.get_by_role("button", name="Discard").click()
    expect(inbox.locator("#composer")).not_to_contain_text("I was about to say")
    assert not Draft.objects.exists()
    assert not Event.objects.filter(conversation=claimed, type="human.message").exists()


def test_what_was_typed_is_there_again_on_another_device(inbox, claimed, browser, site, agent):
    inbox.goto(f"/inbox/{claimed.pk}/")
    inbox.locator("#composer-text").fill("You should see it by Tuesday")
    expect(inbox.locator("[data-draft-saved]")).to_contain_text("Draft saved")

    elsewhere = browser.new_context(base_url=site.base_url)
    log_in(elsewhere, agent)
    page = elsewhere.new_page()
    page.goto(f"/inbox/{claimed.pk}/")

    expect(page.locator("#composer-text")).to_have_value("You should see it by Tuesday")
    elsewhere.close()


def test_after_a_cut_the_page_says_what_it_recovered(inbox, claimed, cast):
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    inbox.route_web_socket(re.compile("/ws/inbox"), through)
    inbox.goto(f"/inbox/{claimed.pk}/")
    live(inbox)
    lines[0].close(code=1012)
    said = [cast.customer_says(claimed, text) for text in ("Still there?", "Hello?")]

    for event in said:
        expect(inbox.locator(f"#event-{event.sequence}")).to_be_visible()
    expect(inbox.locator("#toasts")).to_contain_text("Recovered 3")
    assert len(lines) == 2


def test_typing_is_seen_by_a_colleague_and_ends(inbox, claimed, browser, site, other_agent):
    elsewhere = browser.new_context(base_url=site.base_url)
    log_in(elsewhere, other_agent)
    onlooker = elsewhere.new_page()
    onlooker.goto(f"/inbox/{claimed.pk}/")
    live(onlooker)
    inbox.goto(f"/inbox/{claimed.pk}/")
    live(inbox)

    inbox.locator("#composer-text").press_sequentially("Hello")

    expect(onlooker.locator("#typing")).to_contain_text("Maya is typing")
    elsewhere.close()


def test_presence_is_chosen_in_the_menu(inbox, agent, project, release):
    inbox.goto("/inbox/")
    inbox.get_by_role("button", name=re.compile("Maya Okafor")).click()
    inbox.locator(".hs-rail").get_by_role("button", name="On a break").click()

    expect(inbox.locator("#presence-label")).to_have_text("On a break")
    assert Presence.objects.get(user=agent, project=project).state == "break"


def test_on_a_phone_the_list_leads_to_the_chat_and_back(inbox, waiting):
    inbox.set_viewport_size({"width": 390, "height": 844})
    inbox.goto("/inbox/")
    expect(inbox.locator("#conversation")).to_be_hidden()

    row_of(inbox, waiting).click()
    expect(inbox.locator("#conversation")).to_be_visible()
    expect(inbox.locator("#inbox-list-pane")).to_be_hidden()
    inbox.get_by_role("link", name="Back to the list").click()

    expect(inbox.locator("#inbox-list-pane")).to_be_visible()
    assert inbox.evaluate("document.documentElement.scrollWidth") == 390
