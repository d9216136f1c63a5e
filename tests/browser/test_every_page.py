"""Every page of the console in a real browser: for everybody (axe), in both themes, at both ends of the width."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page

from conversations.models import Project
from tests.architecture.test_permissions import NEEDED, OWN
from tests.browser.axe import find_overflow, find_violations
from tests.browser.hands import log_in
from tests.browser.pages import EMPTY, NO_PAGES, OUTSIDE, PAGES, Shown, fill
from tests.conftest import member
from tests.world import World, create_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DIALOGS = "[...document.querySelectorAll('dialog')].map((dialog) => dialog.id).filter((id) => id)"
ROW_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
EVERYWHERE = ("keys-dialog", "palette")  # looked at on the first page only
# Where somebody wants to look with their own eyes: a folder for a picture of each page.
ALBUM = os.environ.get("ALBUM")
# Pictures of the documentation that these tests make when they are told to (PICTURES=1): page and how it is shown.
IN_THE_DOCUMENTS = {
    ("destinations", "390"): "no-hits-phone",
    ("destinations empty", "1440-light"): "destinations-empty",
    ("settings", "390"): "handoff-settings-phone",
    ("hours-edit", "390"): "office-hours-phone",
}
DOCUMENTS = Path(__file__).resolve().parents[2] / "docs" / "pictures" if os.environ.get("PICTURES") else None


@pytest.fixture
def world(project, owner, agent, claimed, connector) -> World:
    world = create_world(project=project, owner=owner, member=agent, conversation=claimed, connector=connector)
    fill(world)
    return world


def test_every_page_is_looked_at():
    names = {*NEEDED, *OWN} - {name for name in NEEDED if name.startswith("desk-")}
    assert sorted(names - {page.name for page in PAGES} - NO_PAGES) == []
    assert sorted({*NO_PAGES, *(page.name for page in PAGES)} - set(get_resolver().reverse_dict.keys())) == []


def look_at(page: Page, shown: Shown, world: World, complaints: list[str]) -> Iterator[str]:
    """Everything wrong with one page."""
    complaints.clear()
    page.set_viewport_size(WIDE)
    answer = page.goto(shown.url(world))
    if answer is None or answer.status != 200:
        yield f"answers {answer.status if answer else 'nothing'}"
        return
    page.evaluate("document.fonts.ready.then(() => null)")
    # Before axe, which sets styles of its own.
    yield from (f"the browser: {text}" for text in complaints)
    yield from _look(page, shown, "")
    for name in _dialogs(page, first=shown == PAGES[0]):
        page.evaluate("(id) => document.getElementById(id).showModal()", name)
        yield from _look(page, shown, f" dialog {name}")
        page.evaluate("(id) => document.getElementById(id).close()", name)


def _look(page: Page, shown: Shown, where: str) -> Iterator[str]:
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme }", theme)
        # What does not depend on colour is the same in both.
        rules = ["color-contrast"] if theme == "dark" else []
        yield from (f"{theme}{where}: {text}" for text in find_violations(page, rules=rules))
        _keep(page, shown, f"1440-{theme}{where}")
    for width in (NARROW, WIDE):
        page.set_viewport_size(width)
        yield from (f"{width['width']}{where}: {text}" for text in find_overflow(page))
        if width is NARROW:
            _keep(page, shown, f"390{where}")
    page.evaluate("() => { document.documentElement.dataset.bsTheme = 'light' }")


def _dialogs(page: Page, *, first: bool) -> Sequence[str]:
    """One dialog of each kind: those of the rows of a list differ by the id of their row."""
    kinds = {ROW_ID.sub("", name): name for name in page.evaluate(DIALOGS) if first or name not in EVERYWHERE}
    return list(kinds.values())


def _keep(page: Page, shown: Shown, how: str) -> None:
    name = f"{shown.name}{' empty' if _is_empty(page) else ''}"
    if ALBUM:
        page.screenshot(path=Path(ALBUM) / f"{name} {how}.png")
    if DOCUMENTS and (picture := IN_THE_DOCUMENTS.get((name, how))):
        page.screenshot(path=DOCUMENTS / f"{picture}.png")


def _is_empty(page: Page) -> bool:
    return "Emptiness" in page.title()


def look_at_all(page: Page, pages: Sequence[Shown], world: World, complaints: list[str]) -> None:
    found = [f"{shown} — {text}" for shown in pages for text in look_at(page, shown, world, complaints)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_every_page_with_much_on_it(context, page, world, complaints):
    log_in(context, world.owner)
    look_at_all(page, PAGES, world, complaints)


def test_every_page_of_who_is_nobody_yet(page, world, complaints):
    look_at_all(page, OUTSIDE, world, complaints)


def test_every_page_with_nothing_on_it(context, page, account, complaints, world):
    bare = Project.objects.create(account=account, name="Emptiness", is_demo=True)
    log_in(context, member(bare, "owner", "Nora New"))
    look_at_all(page, EMPTY, world, complaints)
