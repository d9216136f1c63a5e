"""People in a real browser: inviting by keyboard alone at two widths, joining, switching project and environment."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conversations.domain.vocabulary import Role
from conversations.models import Invitation, Membership, Project
from studio.password_links import make_reset_link
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import press, tab_to
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [(1440, 900), (390, 844)]


def log_in(page: Page, person) -> None:
    page.goto("/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/$"))
    page.wait_for_load_state()  # before that a key pressed on a menu's button opens nothing


def wrong_with(page: Page) -> list[str]:
    return [*find_violations(page), *find_overflow(page)]


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_an_owner_invites_by_keyboard_alone_and_the_newcomer_joins(page, context, owner, complaints, width, height):
    page.set_viewport_size({"width": width, "height": height})
    log_in(page, owner)
    page.goto(reverse("people"))
    press(page, page.get_by_role("link", name="Invite a person", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Invite a person")
    tab_to(page, page.get_by_role("textbox", name="E-mail", exact=True))
    page.keyboard.type("nina@example.com")
    press(
        page,
        page.get_by_role("checkbox", name="Reviewer Reads handed-off conversations and judges them", exact=True),
        "Space",
    )
    press(page, page.get_by_role("button", name="Make the link", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("nina@example.com is invited")
    assert wrong_with(page) == []
    link = page.get_by_role("group", name="The link").inner_text()
    assert Invitation.objects.get().roles == ["agent", "reviewer"]

    context.clear_cookies()
    page.goto("/join/" + link.partition("/join/")[2])
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Fernhill Mobile")
    assert wrong_with(page) == []
    tab_to(page, page.get_by_role("textbox", name="Your name", exact=True))
    page.keyboard.type("Nina Okafor")
    tab_to(page, page.get_by_role("textbox", name="New password", exact=True))
    page.keyboard.type("a long new password")
    tab_to(page, page.get_by_role("textbox", name="Once more", exact=True))
    page.keyboard.type("a long new password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fernhill Mobile")
    assert set(Membership.objects.filter(user__email="nina@example.com").values_list("role", flat=True)) == {
        Role.AGENT,
        Role.REVIEWER,
    }
    assert complaints == []


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_project_and_environment_are_switched_at_every_width(page, project, owner, width, height):
    home = Project.objects.create(account=project.account, name="Fernhill Home", ai_name="Moss")
    Membership.objects.create(project=home, user=owner, role=Role.OWNER)
    page.set_viewport_size({"width": width, "height": height})
    log_in(page, owner)
    opener = "Project Fernhill Mobile: switch" if width > 600 else "More"
    page.get_by_role("button", name=opener).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Fernhill Home").locator("visible=true").click()
    expect(page).to_have_title("Home · Fernhill Home")

    page.goto(reverse("webhooks"))
    page.get_by_role("button", name="Environment: Live").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sandbox").click()
    expect(page.get_by_role("button", name="Environment: Sandbox")).to_be_visible()
    page.goto(reverse("webhooks"))
    expect(page.get_by_role("button", name="Environment: Sandbox")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_in_front_of_the_log_in_are_for_everybody(page, context, agent, site, theme, width, height):
    context.add_cookies([{"name": "hs_theme", "value": theme, "url": site.base_url}])
    page.set_viewport_size({"width": width, "height": height})
    link = make_reset_link(agent)
    for address, heading in (
        (reverse("login"), "Log in to Handoff Studio"),
        (reverse("password-forgot"), "Forgot your password?"),
        (reverse("password-new"), "This link does not work"),
        (f"{reverse('join')}?invitation=x", "This invitation does not work"),
        (f"{reverse('welcome')}?secret=x", "Log in to Handoff Studio"),
        (f"{reverse('password-new')}?{link.partition('?')[2]}", "Set a new password"),
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert wrong_with(page) == [], address


def test_a_person_is_removed_after_being_asked(page, owner, agent):
    log_in(page, owner)
    page.goto(reverse("person", args=[agent.pk]))
    page.get_by_role("button", name="Remove from the project").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Remove Maya Okafor from Fernhill Mobile?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Maya Okafor is no longer in")).to_be_visible()
    assert not Membership.objects.filter(user=agent).exists()


def test_members_of_a_team_are_found_by_typing(page, owner, agent):
    log_in(page, owner)
    page.goto(reverse("team-add"))
    page.get_by_label("Name", exact=True).fill("Night")
    page.get_by_role("searchbox").fill("maya")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_role("checkbox", name="Maya Okafor").check()
    page.get_by_role("button", name="Add the team").click()
    expect(page.get_by_role("link", name="Night")).to_be_visible()
    assert list(agent.teams.values_list("name", flat=True)) == ["Night"]
