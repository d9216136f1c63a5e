"""The calibration in a browser: read the figures, ask for a target, see what it changes, apply it, take it back."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from handoffs.models import HandoffSettings
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in, press, tab_to
from tests.reviewed import FAINT, reviewed_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def calibration(context: BrowserContext, page: Page, owner, release, connector, reviewer) -> Page:
    """The page as the owner first sees it, over a reviewed set."""
    reviewed_set(connector, reviewer)
    log_in(context, owner)
    page.goto("/settings/calibration/")
    return page


def test_from_the_figures_to_a_threshold_and_back_by_keyboard_alone(calibration, complaints):
    page = calibration
    asks = page.get_by_role("row", name="Asks for a person")
    expect(asks).to_contain_text("82 %")
    expect(asks).to_contain_text("18 of 22")
    expect(asks).to_contain_text("0.80 Normal")
    expect(page.get_by_role("row", name="Frustration")).to_contain_text("Too few to say. 20 more and rates are shown")
    expect(page.get_by_role("img", name="Asks for a person: precision over recall")).to_be_visible()

    tab_to(page, page.get_by_role("spinbutton", name="At least, in percent"))
    page.keyboard.press("Control+a")
    page.keyboard.type("95")
    page.keyboard.press("Enter")
    effect = page.locator("#effect")
    expect(effect).to_contain_text("precision 100 %")
    expect(effect.get_by_role("heading", name="4 would no longer be handed over")).to_be_visible()
    expect(effect.get_by_role("heading", name="0 would be handed over now")).to_be_visible()
    expect(effect.get_by_text(FAINT)).to_have_count(4)
    assert HandoffSettings.objects.get().thresholds == {}

    press(page, effect.get_by_role("button", name="Apply 0."))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("4 would no longer be handed over")
    press(page, dialog.get_by_role("button", name="Apply 0."))
    expect(page.get_by_text("in the working copy").first).to_be_visible()
    applied = HandoffSettings.objects.get().thresholds["explicit_request"]
    expect(asks).to_contain_text(f"{applied:.2f} its own")
    expect(asks).to_contain_text("18 of 18")

    page.goto("/settings/")
    expect(page.get_by_text(f"Own threshold {applied:.2f} from calibration")).to_be_visible()

    page.goto("/settings/calibration/")
    press(page, page.get_by_role("button", name="Back to the sensitivity"))
    expect(asks).to_contain_text("0.80 Normal")
    assert HandoffSettings.objects.get().thresholds == {}
    assert complaints == []


def test_what_would_change_leads_to_the_turn_in_the_review(calibration):
    page = calibration
    page.goto("/settings/calibration/?percent=95")
    page.locator("#effect").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Was the handoff right?")).to_be_visible()
    assert "#turn-" in page.url


def test_an_impossible_target_is_answered_beside_the_field(calibration):
    page = calibration
    page.goto("/settings/calibration/?percent=900")
    field = page.get_by_role("spinbutton", name="At least, in percent")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("A target is a whole number from 1 to 100")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_everybody_can_use_it(calibration, width):
    page = calibration
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/settings/calibration/?percent=95")
    assert find_violations(page) == []
    assert find_overflow(page) == []
