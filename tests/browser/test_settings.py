"""The settings in a real browser: levels by keyboard and by touch, lists of rows, and pages that fit."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from handoffs.models import Destination, HandoffSettings, Reason
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def triggers(context: BrowserContext, page: Page, owner) -> Page:
    """The page of the triggers, as it is first seen."""
    log_in(context, owner)
    page.goto("/settings/")
    return page


@pytest.fixture
def touched(phone, owner) -> Page:
    log_in(phone.context, owner)
    phone.goto("/settings/")
    return phone


def stored() -> HandoffSettings:
    return HandoffSettings.objects.get()


def test_levels_are_set_changed_and_reset_by_keyboard_alone(triggers, complaints):
    page = triggers
    custom = page.locator("#custom")
    expect(custom).to_have_text("As Quick sets it")

    tab_to(page, page.get_by_role("radio", name="Quick"))
    page.keyboard.press("ArrowRight")
    expect(custom).to_have_text("As Balanced sets it")
    expect(page.get_by_role("radio", name="Balanced")).to_be_focused()
    expect(page.get_by_role("switch", name="Collect data first")).to_be_checked()
    expect(page.get_by_role("complementary")).to_contain_text("The AI asks for nothing: no data to collect is set up")

    tab_to(page, page.get_by_role("switch", name="Confirm before transfer"))
    page.keyboard.press("Space")
    expect(custom).to_contain_text("Custom, 1 change from Balanced")
    expect(page.get_by_role("complementary")).to_contain_text("Shall I pass you to a person now?")
    expect(page.get_by_role("switch", name="Confirm before transfer")).to_be_focused()

    page.get_by_role("button", name="Reset to Balanced").focus()
    page.keyboard.press("Enter")
    expect(custom).to_have_text("As Balanced sets it")
    expect(page.get_by_role("switch", name="Confirm before transfer")).not_to_be_checked()
    expect(page.get_by_role("heading", name="When to hand over")).to_be_focused()

    page.keyboard.press("Control+s")
    expect(page.get_by_text("Triggers saved")).to_be_visible()
    assert (stored().level, stored().collect_first, stored().confirm_before_transfer) == (2, True, False)
    assert complaints == []


def test_levels_are_set_changed_and_reset_by_touch(touched, complaints):
    custom = touched.locator("#custom")
    touched.get_by_role("radio", name="AI first").tap()
    expect(custom).to_have_text("As AI first sets it")
    touched.get_by_role("switch", name="The customer is frustrated").tap()
    expect(custom).to_contain_text("Custom, 1 change from AI first")
    touched.get_by_role("button", name="Reset to AI first").tap()
    expect(custom).to_have_text("As AI first sets it")
    touched.get_by_role("group", name="How readily frustration is recognised").get_by_role("radio", name="Normal").tap()
    expect(custom).to_contain_text("Custom, 1 change from AI first")
    touched.get_by_role("button", name="Save").tap()
    expect(touched.get_by_text("Triggers saved")).to_be_visible()
    assert (stored().level, stored().frustration_sensitivity) == (3, "normal")
    assert complaints == []


def test_what_is_touched_is_large_enough(touched):
    measure = """() => [...document.querySelectorAll(
        '.hs-settings .hs-level, .hs-settings .hs-segment, .hs-settings .hs-switch, .hs-tabs a')]
        .filter((e) => e.checkVisibility()).map((e) => [e.textContent.trim(), e.getBoundingClientRect().height])
        .filter(([, height]) => height < 43.5)"""
    assert touched.evaluate(measure) == []


def test_with_the_master_switch_off_the_page_says_what_that_means(triggers):
    warning = triggers.get_by_text("Nobody is handed to a person on any text channel")
    expect(warning).to_be_hidden()
    triggers.get_by_role("switch", name="Handoff is on").press("Space")
    expect(warning).to_be_visible()
    expect(triggers.get_by_role("complementary")).to_contain_text("The AI declines kindly and goes on")
    expect(triggers.locator("[data-unsaved]")).to_have_text("1 change not saved")


def test_a_level_counts_as_every_change_it_makes_until_it_is_saved(triggers):
    triggers.get_by_role("radio", name="Balanced").press("Space")
    expect(triggers.locator("[data-unsaved]")).to_have_text("4 changes not saved")
    triggers.get_by_role("radio", name="Quick").press("Space")
    expect(triggers.locator("[data-unsaved]")).to_have_text("Everything is saved")


def test_fields_are_added_moved_and_removed_by_keyboard(triggers):
    page = triggers
    page.goto("/settings/data/")
    for name in ("Name", "E-mail address", "A field of your own"):
        page.get_by_role("button", name=name, exact=True).press("Enter")
    expect(page.get_by_role("button", name="E-mail address", exact=True)).to_be_hidden()
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    rows.nth(2).get_by_label("Label").fill("Which plan")
    rows.nth(2).get_by_label("Type").select_option("choice")
    rows.nth(2).get_by_label("Choices").fill("Small\nLarge")
    rows.nth(2).get_by_label("Label").press("Alt+ArrowUp")
    rows.nth(0).get_by_role("button", name="Remove this field").press("Enter")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Data to collect saved")).to_be_visible()
    assert [(field["key"], field["choices"]) for field in stored().collected_fields] == [
        ("which_plan", ["Small", "Large"]),
        ("email", []),
    ]


def test_a_text_of_ones_own_goes_back_to_the_built_in_one(triggers):
    HandoffSettings.objects.update(texts={"decline_text": "Sorry."})
    triggers.goto("/settings/unanswered/")
    buttons = triggers.get_by_role("button", name="Use the built-in text")
    expect(buttons).to_have_count(1)
    buttons.press("Enter")
    expect(triggers.get_by_label("They asked for a person, and nobody is called")).to_be_focused()
    expect(buttons).to_have_count(0)
    triggers.keyboard.press("Control+s")
    expect(triggers.get_by_text("is saved").first).to_be_visible()
    assert stored().texts == {}


def test_a_reason_is_deleted_by_typing_its_name(triggers, project):
    reason = Reason.objects.get(project=project)
    triggers.goto(f"/settings/reasons/{reason.pk}/")
    triggers.get_by_role("button", name="Delete…").press("Enter")
    dialog = triggers.get_by_role("dialog", name="Delete Needs a person?")
    dialog.get_by_label("Type Needs a person to confirm").fill("Needs a person")
    triggers.keyboard.press("Enter")
    expect(triggers.get_by_text("Needs a person is deleted")).to_be_visible()
    expect(triggers.get_by_role("heading", name="No reasons yet")).to_be_visible()


def test_chains_and_a_refused_form_fit_and_are_for_everybody(triggers, project):
    for key, fallback in (("x", "y"), ("y", "x")):
        name = f"Donaudampfschifffahrtsgesellschaftskundenbetreuung {key}"
        Destination.objects.create(project=project, key=key, name=name, fallback_key=fallback)
    for path in ("/settings/unanswered/chains/", "/settings/reasons/new/"):
        triggers.goto(path)
        if path.endswith("new/"):
            triggers.get_by_role("button", name="Save reason").press("Enter")
            expect(triggers.get_by_role("alert").filter(has_text="Not saved: 2 things to mend")).to_be_focused()
        assert find_violations(triggers) == []
        for width in (390, 1440):
            triggers.set_viewport_size({"width": width, "height": 844})
            assert find_overflow(triggers) == []
