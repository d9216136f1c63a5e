"""Passing a conversation on and taking one over, in a real browser."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.domain.vocabulary import Role
from handoffs.models import Destination, Queue
from handoffs.services.presence import set_presence
from handoffs.services.releases import publish_release
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in
from tests.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALBUM = os.environ.get("ALBUM")


@pytest.fixture
def retention(release, project, owner):
    """A second destination, published."""
    Queue.objects.create(project=project, key="retention", name="Retention")
    Destination.objects.create(project=project, key="retention", name="Retention", queue_key="retention")
    publish_release(project=project, publisher=owner, at=timezone.now())


@pytest.fixture
def inbox(context, page, agent) -> Page:
    log_in(context, agent)
    return page


def keep(page: Page, name: str) -> None:
    if ALBUM:
        page.screenshot(path=Path(ALBUM) / f"{name}.png")


def test_by_keys_alone_to_a_ready_colleague(inbox, retention, claimed, other_agent, project, now):
    set_presence(user=other_agent, project=project, state="ready", at=now)
    inbox.goto(f"/inbox/{claimed.pk}/")
    expect(inbox.locator("#composer-text")).to_be_visible()

    inbox.locator("body").press("t")
    dialog = inbox.get_by_role("dialog", name="Transfer")
    colleague = dialog.get_by_role("radio", name="Tomás Ribeiro")
    expect(colleague).to_be_enabled()
    keep(inbox, "transfer-light")
    assert find_violations(inbox) == []
    colleague.focus()
    inbox.keyboard.press("Space")
    dialog.get_by_label("Note for whoever takes it").focus()
    inbox.keyboard.type("Speaks Portuguese, refund promised")
    inbox.keyboard.press("Tab")
    dialog.get_by_role("button", name="Transfer").focus()
    inbox.keyboard.press("Enter")

    expect(inbox.locator("#composer")).to_contain_text("Tomás Ribeiro has this conversation")
    expect(inbox.locator("#transcript")).to_contain_text("Speaks Portuguese, refund promised")
    claimed.refresh_from_db()
    assert claimed.owner_id == str(other_agent.pk)


def test_the_dialog_fits_a_phone_and_the_dark(inbox, retention, claimed):
    inbox.goto(f"/inbox/{claimed.pk}/")
    inbox.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    inbox.set_viewport_size({"width": 390, "height": 844})
    inbox.get_by_role("button", name="Transfer").click()
    dialog = inbox.get_by_role("dialog", name="Transfer")
    expect(dialog.get_by_role("radio", name="Retention")).to_be_enabled()

    keep(inbox, "transfer-dark-390")
    assert find_overflow(inbox) == []
    assert find_violations(inbox) == []


def test_what_is_missing_is_said_and_what_was_typed_stays(inbox, retention, claimed):
    inbox.goto(f"/inbox/{claimed.pk}/")
    inbox.get_by_role("button", name="Transfer").click()
    dialog = inbox.get_by_role("dialog", name="Transfer")
    dialog.get_by_role("radio", name="Retention").check()
    dialog.get_by_label("Note for whoever takes it").fill("Wants to leave us")
    inbox.evaluate(
        "document.querySelector('#transfer-dialog [value=\"destination:retention\"]').value = 'destination:x'"
    )
    dialog.get_by_role("button", name="Transfer").click()

    expect(dialog.locator("#transfer-problem")).to_contain_text("It is not there any more")
    expect(dialog.get_by_label("Note for whoever takes it")).to_have_value("Wants to leave us")


def test_an_agent_takes_over_from_the_ai(inbox, conversation, cast):
    cast.customer_says(conversation, "This is going nowhere")
    inbox.goto(f"/inbox/{conversation.pk}/?view=ai")

    keep(inbox, "with-the-ai")
    inbox.get_by_role("button", name="Take over").click()

    expect(inbox.locator("#composer-text")).to_be_visible()
    expect(inbox.locator("#transcript .hs-handoff-to")).to_have_text("You")
    keep(inbox, "taken-over")


def test_only_a_supervisor_may_take_it_from_a_colleague(context, page, claimed, other_agent, project):
    log_in(context, other_agent)
    page.goto(f"/inbox/{claimed.pk}/")
    expect(page.locator("#composer")).to_contain_text("Maya Okafor has this conversation")
    expect(page.get_by_role("button", name="Take over")).to_have_count(0)

    log_in(context, member(project, Role.SUPERVISOR, "Sam Lindqvist"))
    page.goto(f"/inbox/{claimed.pk}/")
    page.get_by_role("button", name="Take over").click()

    expect(page.locator("#composer-text")).to_be_visible()
