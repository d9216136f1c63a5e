"""Offers in a real browser: two agents; one is silent, the next one accepts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.models import Deadline
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import open_session
from handoffs.domain.config import Assignment as Way
from handoffs.models import Agent, Offer, Presence, Queue
from handoffs.services.closing import close_conversation
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.presence import set_presence
from handoffs.services.releases import publish_release
from tests.browser.hands import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def offering(project, release, owner):
    """Billing offers its work, and keeps a place for the wrap-up."""
    Queue.objects.filter(project=project).update(assignment=Way.OFFER.value, offer_seconds=60, wrap_up_seconds=60)
    publish_release(project=project, publisher=owner, at=timezone.now())
    return project


@pytest.fixture
def sit(browser, site, offering):
    """Open the inbox of a person in a browser of their own."""
    contexts = []

    def by(person, **options) -> Page:
        context = browser.new_context(base_url=site.base_url, viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        log_in(context, person)
        page = context.new_page()
        page.goto("/inbox/")
        expect(page.locator(".hs-connection")).to_have_attribute("data-state", "open")
        return page

    yield by
    for context in contexts:
        context.close()


def test_who_is_silent_gets_a_break_and_the_next_one_accepts(sit, conversation, cast, agent, other_agent, offering):
    maya, tomas = sit(agent), sit(other_agent)
    maya.get_by_role("button", name="Take work").click()
    expect(maya.locator("#agent-strip")).to_contain_text("Ready")
    expect(maya.locator("#agent-strip")).to_contain_text("0 of 4")

    cast.customer_says(conversation, "Where is my refund?")
    cast.hand_off(conversation)

    card = maya.locator("#offers article")
    expect(card).to_contain_text("Billing")
    expect(card.locator("[data-countdown-text]")).to_have_text(re.compile(r"^(60|5\d)$|1:00"))
    expect(card.get_by_role("button", name="Accept")).to_be_focused()
    expect(maya).to_have_title(re.compile(r"^\(1\) "))
    expect(maya.locator("#agent-strip")).to_contain_text("1 of 4")

    tomas.get_by_role("button", name="Take work").click()
    expect(tomas.locator("#agent-strip")).to_contain_text("Ready")
    Deadline.objects.filter(kind="offer").update(due_at=timezone.now())
    sweep_deadlines(at=timezone.now())

    expect(card).to_have_count(0)
    expect(maya.locator("#agent-strip")).to_contain_text("an offer was not answered")
    expect(maya).not_to_have_title(re.compile(r"^\("))
    expect(tomas.locator("#offers").get_by_role("button", name="Accept")).to_be_focused()

    tomas.keyboard.press("Enter")

    expect(tomas.locator("#transcript")).to_contain_text("Where is my refund?")
    expect(tomas.locator("#offers article")).to_have_count(0)
    expect(tomas.locator("#composer-text")).to_be_visible()
    conversation.refresh_from_db()
    assert conversation.owner_id == str(other_agent.pk)
    assert Presence.objects.get(user=agent).state == "break"


def test_an_offer_survives_a_reload_and_a_declined_one_goes(sit, conversation, cast, agent, offering):
    maya = sit(agent)
    maya.get_by_role("button", name="Take work").click()
    cast.hand_off(conversation)
    expect(maya.locator("#offers article")).to_have_count(1)

    maya.reload()
    expect(maya.locator("#offers article")).to_have_count(1)
    maya.locator("body").press("d")

    expect(maya.locator("#offers article")).to_have_count(0)
    expect(maya.locator("#agent-strip")).to_contain_text("Ready")
    assert Offer.objects.get().state == "declined"


def test_a_wrap_up_counts_down_and_is_done(sit, conversation, cast, agent, offering):
    maya = sit(agent)
    set_presence(user=agent, project=offering, state="ready", at=timezone.now())
    cast.hand_off(conversation)
    expect(maya.locator("#offers article")).to_have_count(1)
    maya.locator("body").press("a")
    expect(maya.locator("#composer-text")).to_be_visible()
    conversation.refresh_from_db()
    facts = OutcomeFacts(code="refund_issued", resolved=True)

    close_conversation(
        conversation_id=conversation.pk, agent=agent, epoch=conversation.epoch, facts=facts, at=timezone.now()
    )

    kept = maya.locator(".hs-agent--wrap-up")
    expect(kept.locator("[data-countdown-text]")).to_have_text(re.compile(r"^(60|5\d)$|1:00"))
    kept.get_by_role("button", name="Done").click()
    expect(kept).to_have_count(0)
    expect(maya.locator("#agent-strip")).to_contain_text("0 of 4")


def test_snoozing_and_waking(sit, claimed, agent, offering):
    maya = sit(agent)
    maya.goto(f"/inbox/{claimed.pk}/")
    maya.get_by_role("button", name="Snooze").click()
    maya.get_by_role("button", name="In an hour").click()

    expect(maya.locator("#conversation-head")).to_contain_text("snoozed until")
    expect(maya.locator("#inbox-views [href='/inbox/?view=snoozed'] .hs-num")).to_have_text("1")
    expect(maya.locator("#inbox-views [href='/inbox/?view=mine'] .hs-num")).to_have_text("0")
    expect(maya.locator("#agent-strip")).to_contain_text("0 of 4")

    maya.get_by_role("button", name="Wake").click()
    expect(maya.locator("#conversation-head")).to_contain_text("with you since")
    expect(maya.locator("#inbox-views [href='/inbox/?view=snoozed'] .hs-num")).to_have_text("0")


def test_who_is_full_is_told_what_helps(sit, claimed, connector, cast, agent, offering):
    Agent.objects.filter(user=agent).update(capacity=1)
    waiting = open_session(connector=connector, options={})
    cast.hand_off(waiting)
    maya = sit(agent)

    maya.get_by_role("button", name="Claim next").click()

    expect(maya.locator("#toasts")).to_contain_text("You have 1 of 1. Close, hand back or snooze one to take another")
