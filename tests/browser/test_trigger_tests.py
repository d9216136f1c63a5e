"""Trying what would fire, in a real browser: by keyboard, on a phone, and for everybody."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Event
from handoffs.models import ForbiddenTopic, HandoffSettings
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKS = "I want to speak to a person"
TRANSCRIPT = f"Customer: Where is my parcel?\nAI: Two days.\nCustomer: {ASKS}\nAgent: Maya here"


@pytest.fixture
def page(context: BrowserContext, page: Page, owner) -> Page:
    log_in(context, owner)
    return page


def test_a_message_and_a_transcript_are_tried_by_keyboard_alone(page, complaints):
    page.goto("/settings/test/")
    tab_to(page, page.get_by_label("The customer's message"))
    page.keyboard.type(ASKS)
    press(page, page.get_by_role("button", name="Test", exact=True))
    expect(page.get_by_role("heading", name="It fires")).to_be_focused()
    expect(page.locator(".hs-rehearsed mark")).to_have_text("want to speak to a person")
    expect(page.get_by_role("row", name="AI only")).to_contain_text("The AI declines kindly")
    assert find_violations(page) == find_overflow(page) == []

    page.get_by_role("radio", name="A message").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("The customer's message")).to_be_hidden()
    page.get_by_label("The transcript").fill("Hello there")
    press(page, page.get_by_role("button", name="Test", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("Line 1 does not say who speaks")
    page.get_by_label("The transcript").fill(TRANSCRIPT)
    press(page, page.get_by_role("button", name="Test", exact=True))
    expect(page.get_by_role("heading", name="1 of 2 customer messages fire")).to_be_visible()
    expect(page.get_by_role("img", name="Asks for a person: fires at message 3")).to_be_visible()
    press(page, page.get_by_role("link", name="Message 3"))
    expect(page.locator("#message-3")).to_be_in_viewport()
    assert find_violations(page) == find_overflow(page) == []
    # The browser itself tells of the transcript that was refused.
    assert [one for one in complaints if "422" not in one] == []


def test_a_transcript_fits_a_phone(phone, owner, complaints):
    log_in(phone.context, owner)
    phone.goto("/settings/test/")
    phone.get_by_role("radio", name="A transcript").tap()
    phone.get_by_label("The transcript").fill(TRANSCRIPT)
    phone.get_by_role("button", name="Test", exact=True).tap()
    expect(phone.get_by_role("heading", name="1 of 2 customer messages fire")).to_be_visible()
    assert find_violations(phone) == find_overflow(phone) == []
    assert complaints == []


def test_a_topic_is_tried_while_it_is_written(page, project, complaints):
    page.goto("/settings/forbidden-topics/new/")
    state = page.locator("#topic-state")
    expect(state).to_contain_text("Nothing to recognise it by")
    page.get_by_label("What customers say, one a line").fill(
        "I will sue you\nSee you in court\nMy lawyer writes to you"
    )
    expect(state).to_contain_text("3 of 5 phrases")
    page.get_by_label("Keywords, one a line").fill("lawyer*")
    page.get_by_label("What a customer might write").fill("My LAWYERS say no")
    expect(state).to_contain_text("Match")
    assert find_violations(page) == find_overflow(page) == []
    page.get_by_label("Name").fill("Legal threats")
    page.get_by_label("What it is, in plain words").fill("Anything about court")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Forbidden topic added")).to_be_visible()
    topic = ForbiddenTopic.objects.get(project=project)
    assert (topic.keywords, len(topic.examples)) == (["lawyer*"], 3)
    assert complaints == []


def test_the_sentence_tried_is_no_unsaved_change(page, project):
    topic = ForbiddenTopic.objects.create(project=project, key="l", name="Legal", description="x", keywords=["sue"])
    page.goto(f"/settings/forbidden-topics/{topic.pk}/")
    page.get_by_label("What a customer might write").fill("I sue you")
    expect(page.locator("#topic-state")).to_contain_text("Match")
    expect(page.locator("[data-unsaved]")).to_have_text("Everything is saved")


def test_last_week_is_tried_with_the_settings_as_they_stand(page, conversation, cast, complaints):
    cast.customer_says(conversation, ASKS)
    before = Event.objects.count()
    page.goto("/settings/")
    week = page.locator("#week")
    press(page, page.get_by_role("button", name="Try on last week"))
    expect(week).to_contain_text("1 at once, 0 after a question to the customer. 0 really happened")
    page.get_by_role("switch", name="Confirm before transfer").press("Space")
    press(page, page.get_by_role("button", name="Try on last week"))
    expect(week).to_contain_text("0 at once, 1 after a question to the customer")
    expect(page.locator("[data-unsaved]")).to_have_text("1 change not saved")
    week.get_by_text("would newly reach a person").click()
    assert find_violations(page) == find_overflow(page) == []
    page.once("dialog", lambda dialog: dialog.accept())
    week.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="It fires")).to_be_visible()
    assert Event.objects.count() == before
    assert complaints == []


def test_an_own_threshold_is_taken_back_by_keyboard(page, complaints):
    HandoffSettings.objects.update(thresholds={"frustration": 0.62})
    page.goto("/settings/")
    expect(page.get_by_text("Own threshold 0.62 from calibration")).to_be_visible()
    assert find_violations(page) == find_overflow(page) == []
    press(page, page.get_by_role("button", name="Back to High"))
    expect(page.get_by_role("group", name="How readily frustration is recognised")).to_be_visible()
    expect(page.locator("[data-unsaved]")).to_have_text("1 change not saved")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Triggers saved")).to_be_visible()
    assert HandoffSettings.objects.get().thresholds == {}
    assert complaints == []
