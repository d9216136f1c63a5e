"""Office hours in a real browser: set without a mouse, set by touch, and drawn while they are typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.models import User
from handoffs.models import Destination, Schedule
from tests.browser.axe import find_overflow, find_violations
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEEK = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(5)]
FOCUSED = """
() => {
  const element = document.activeElement;
  const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
  return name.trim().replace(/\\s+/g, " ");
}
"""
PLOT = "#hours-grid svg[role=img]"


@pytest.fixture
def schedule(project) -> Schedule:
    Destination.objects.filter(project=project).update(schedule_key="billing")
    return Schedule.objects.create(
        project=project, key="billing", name="Billing hours", time_zone="Europe/London", intervals=WEEK, country="GB",
        subdivision="ENG",
    )  # fmt: skip


def log_in(page: Page, person: User) -> None:
    """By keyboard alone: the first field has the focus."""
    page.goto("/login/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/login/"))
    page.wait_for_load_state()


def tab_to(page: Page, name: str, *, most: int = 160) -> None:
    """Press Tab until what is called so has the focus."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"Tab never reached {name!r}, but {seen}")


def type_time(page: Page, text: str) -> None:
    """Type into the focused time input, whether this browser shows 12 or 24 hours: it has no AM where it shows 24."""
    hours, minutes = text.split(":")
    field = page.locator(":focus")
    page.keyboard.type(f"{(int(hours) + 11) % 12 + 1:02}{minutes}{'P' if int(hours) >= 12 else 'A'}")
    if field.input_value() != text:
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        page.keyboard.type(f"{hours}{minutes}")
    assert field.input_value() == text


def leave_time(page: Page) -> None:
    """Tab on from the hours of a time input past its other parts."""
    before = page.evaluate("document.activeElement.name")
    while page.evaluate("document.activeElement.name") == before:
        page.keyboard.press("Tab")


def test_an_admin_sets_hours_without_a_mouse(page, owner, complaints):
    log_in(page, owner)
    page.goto("/settings/hours/")
    tab_to(page, "Add hours")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New hours")

    tab_to(page, "Name")
    page.keyboard.type("Evening desk")
    tab_to(page, "Time zone")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Europe/Madrid")
    tab_to(page, "Remove these hours of Monday")
    page.keyboard.press("Enter")
    tab_to(page, "Add hours on Saturday")
    page.keyboard.press("Enter")
    type_time(page, "18:00")
    leave_time(page)
    type_time(page, "02:00")
    expect(page.locator("[data-day='5'] [data-end-note]")).to_have_text("next day")
    tab_to(page, "Copy Saturday to")
    page.keyboard.press("Enter")
    tab_to(page, "Sunday")
    page.keyboard.press("Space")
    tab_to(page, "Copy")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED).startswith("Copy Saturday to")
    expect(page.locator(PLOT)).to_have_attribute(
        "aria-label",
        "Weekly hours, Europe/Madrid: Tuesday 09:00\u201317:00; Wednesday 09:00\u201317:00; Thursday 09:00\u201317:00; "
        "Friday 09:00\u201317:00; Saturday 18:00\u201302:00; Sunday 18:00\u201302:00",
    )

    tab_to(page, "Public holidays of")
    page.keyboard.type("Spain")
    expect(page.locator("#id_subdivision")).to_contain_text("Madrid")
    tab_to(page, "Add a date")
    page.keyboard.press("Enter")
    page.keyboard.type("12122030")
    tab_to(page, "Name")
    page.keyboard.type("Stocktaking")
    tab_to(page, "Open")
    page.keyboard.type("08:00-14:00")
    tab_to(page, "Every year")
    page.keyboard.press("Space")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Evening desk is saved")).to_be_visible()

    saved = Schedule.objects.get()
    late = {"start": "18:00", "end": "02:00"}
    assert saved.intervals == [*WEEK[1:], {"day": 5, **late}, {"day": 6, **late}]
    assert (saved.time_zone, saved.country) == ("Europe/Madrid", "ES")
    assert saved.holidays == [{"date": "12-12", "name": "Stocktaking", "intervals": [["08:00", "14:00"]]}]
    assert complaints == []


def test_an_admin_sets_hours_by_touch(phone, owner, schedule, complaints):
    log_in(phone, owner)
    phone.goto("/settings/hours/")
    phone.get_by_role("link", name="Billing hours").tap()
    phone.get_by_role("button", name="Add hours", exact=True).tap()
    dialog = phone.get_by_role("dialog", name="Add hours")
    dialog.get_by_label("Opens").fill("10:00")
    dialog.get_by_label("Closes").fill("14:00")
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"):
        dialog.get_by_text(name).tap()
    dialog.get_by_role("button", name="Add to these days").tap()
    phone.get_by_role("button", name="Remove these hours of Friday").tap()
    phone.get_by_role("button", name="Copy Monday to").tap()
    dialog = phone.get_by_role("dialog", name="Copy a day")
    dialog.get_by_text("Sunday", exact=True).last.tap()
    dialog.get_by_role("button", name="Copy", exact=True).tap()
    phone.get_by_role("button", name="Set own hours for Christmas Day").tap()
    phone.locator("[name='holidays-0-hours']").fill("10:00-12:00")
    assert find_overflow(phone) == []
    phone.get_by_role("button", name="Save hours").tap()
    expect(phone.get_by_text("Billing hours is saved")).to_be_visible()

    schedule.refresh_from_db()
    sunday = {"day": 6, "start": "09:00", "end": "17:00"}
    assert schedule.intervals == [*WEEK[:4], {"day": 5, "start": "10:00", "end": "14:00"}, sunday]
    (own,) = schedule.holidays
    assert (own["name"], own["intervals"], own["date"][5:]) == ("Christmas Day", [["10:00", "12:00"]], "12-25")
    assert complaints == []


def test_what_is_wrong_stands_beside_its_day_while_typing_and_nothing_is_lost_at_saving(page, owner, schedule):
    log_in(page, owner)
    page.goto(f"/settings/hours/{schedule.pk}/")
    page.get_by_label("Tuesday, closes").fill("09:00")
    expect(page.locator("#day1-notes")).to_contain_text("It opens and closes at 09:00")
    page.get_by_label("Tuesday, closes").fill("17:00")
    expect(page.locator("#day1-notes")).to_have_text("")

    page.get_by_label("Time zone").fill("Europe/Londn")
    page.get_by_label("Wednesday, closes").fill("19:30")
    page.get_by_role("button", name="Save hours").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not saved: one thing to mend")
    expect(page.get_by_label("Wednesday, closes")).to_have_value("19:30")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Londn")


def test_the_answer_is_told_on_a_customers_clock(page, owner, schedule):
    log_in(page, owner)
    page.goto(f"/settings/hours/{schedule.pk}/")
    page.get_by_label("For a customer in").select_option("Asia/Tokyo")

    expect(page.locator("#hours-answer")).to_contain_text("in Tokyo")
    expect(page.get_by_text("No changes yet")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_and_the_walk_are_for_everybody(page, owner, schedule, theme, complaints):
    # Colours in mid-transition are nobody's.
    log_in(page, owner)
    site = page.url.split("/", 3)
    page.context.add_cookies([{"name": "hs_theme", "value": theme, "url": "/".join(site[:3])}])
    page.goto(f"/settings/hours/{schedule.pk}/")
    expect(page.get_by_text("Walked 1 destination")).to_be_visible()
    for opener in ("Copy a day", "Add hours"):
        page.get_by_role("button", name=opener, exact=True).press("Enter")
        expect(page.get_by_role("dialog", name=opener)).to_be_visible()
        assert find_violations(page) == []
        page.keyboard.press("Escape")
    page.goto("/settings/hours/coverage/")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    page.get_by_role("button", name="Run again").press("Enter")
    expect(page.get_by_text("Walked 1 destination")).to_be_visible()
    assert find_violations(page) == []
    assert find_overflow(page) == []
    assert complaints == []
