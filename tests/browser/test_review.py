"""Reviewing in a real browser: reading, judging by key, marking a turn, all without a reload."""

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Annotation
from conversations.services.sessions import open_session
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER_THAN_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def told(conversation, cast):
    """Handed off after the customer has said why."""
    cast.customer_says(conversation, "My bill went up and nobody told me")
    cast.hand_off(conversation)
    return conversation


@pytest.fixture
def at_list(page, told, reviewer) -> Page:
    page.goto("/review/")
    page.get_by_label("E-mail").fill(reviewer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handed-off conversations")
    return page


@pytest.fixture
def reading(at_list, told) -> Page:
    """The conversation, opened from the list; the window would lose its mark in a reload."""
    at_list.locator(f'a[href*="{told.id}"]').click()
    expect(at_list.get_by_text("My bill went up and nobody told me")).to_be_visible()
    at_list.evaluate("window.sameDocument = true")
    return at_list


def is_same_document(page: Page) -> bool:
    return page.evaluate("window.sameDocument === true")


def saved(page: Page) -> None:
    expect(page.locator("#verdict-saved")).to_contain_text("Saved")


def test_the_list_and_the_conversation_are_drawn_without_a_complaint(reading, complaints):
    expect(reading.get_by_role("group", name="Handoff", exact=True)).to_contain_text("Billing")
    expect(reading.get_by_role("complementary", name="Judgement")).to_contain_text("Needs a person")
    assert complaints == []


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("1", "needed"),
        ("2", "escalated_unnecessarily"),
        ("3", "too_late"),
        ("4", "wrong_desk"),
        ("5", "wrong_topic"),
    ],
)
def test_a_digit_chooses_the_verdict_and_it_is_saved_at_once(reading, reviewer, complaints, key, verdict):
    reading.keyboard.press(key)
    saved(reading)

    assert is_same_document(reading)
    kept = Annotation.objects.get()
    assert (kept.verdict, kept.author) == (verdict, reviewer)
    reading.reload()
    expect(reading.locator(f'input[value="{verdict}"]')).to_be_checked()
    assert complaints == []


def test_the_comment_is_saved_as_the_field_is_left(reading):
    reading.keyboard.press("3")
    saved(reading)
    comment = reading.get_by_label("Why", exact=True)
    comment.fill("Clear at 0:34")
    with reading.expect_response("**/verdict/"):
        comment.blur()

    kept = Annotation.objects.get()
    assert (kept.verdict, kept.comment) == ("too_late", "Clear at 0:34")
    assert is_same_document(reading)


def test_digits_typed_into_the_comment_are_text(reading):
    reading.get_by_label("Why", exact=True).press_sequentially("2 turns late")

    assert not Annotation.objects.exists()


def test_a_turn_is_flagged_and_unflagged_in_place(reading, complaints):
    turn = reading.get_by_role("article").filter(has_text="My bill went up")
    flag = turn.get_by_role("button", name="Should have handed off here")
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(turn.locator(".hs-markline")).to_contain_text("Should have handed off here")
    assert Annotation.objects.get().mark == "should_have_handed_off"

    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(turn.locator(".hs-markline")).to_have_count(0)

    assert not Annotation.objects.exists()
    assert is_same_document(reading)
    assert complaints == []


def test_save_and_next_saves_and_opens_the_next_conversation(at_list, told, connector, cast):
    newer = open_session(connector=connector, options={})
    cast.hand_off(newer)
    at_list.goto(f"/review/{newer.id}/")
    at_list.keyboard.press("1")
    saved(at_list)
    at_list.get_by_role("button", name="Save and next").click()

    expect(at_list).to_have_url(f"/review/{told.id}/")
    assert Annotation.objects.get().conversation_id == newer.id


def test_a_filter_narrows_the_list_without_a_reload_and_can_be_shared(at_list, told):
    at_list.evaluate("window.sameDocument = true")
    at_list.get_by_label("Verdict").select_option("too_late")
    expect(at_list.get_by_role("heading", name="0 match this filter")).to_be_visible()
    assert is_same_document(at_list)
    assert "verdict=too_late" in at_list.url

    at_list.get_by_role("link", name="Clear the filter").click()
    expect(at_list.locator(f'a[href*="{told.id}"]')).to_be_visible()


@pytest.mark.parametrize("width", [1440, 800, 390])
def test_both_pages_fit_their_window(reading, width):
    reading.set_viewport_size({"width": width, "height": 844})

    assert not reading.evaluate(WIDER_THAN_WINDOW)
    reading.goto("/review/")
    assert not reading.evaluate(WIDER_THAN_WINDOW)
