from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Role
from studio.console.navigation import SECTIONS, Item, Section, is_current, visible_links

HOME = Section("", (Item("Home", "home", "home"), Item("Log in", "key", "login", Permission.PEOPLE_EDIT)))


def test_an_item_without_a_page_is_left_out():
    section = Section("Build", (Item("Nowhere", "route", "no-such-page"),))
    assert visible_links(section, granted=frozenset(Permission), path="/") == []


def test_an_item_is_shown_to_who_holds_its_permission_and_to_nobody_else():
    agent = ROLE_PERMISSIONS[Role.AGENT]
    admin = ROLE_PERMISSIONS[Role.ADMIN]
    assert [link.item.label for link in visible_links(HOME, granted=agent, path="/")] == ["Home"]
    assert [link.item.label for link in visible_links(HOME, granted=admin, path="/")] == ["Home", "Log in"]


def test_a_page_below_an_item_belongs_to_it():
    assert is_current("/inbox/0190/", "/inbox/")
    assert not is_current("/inbox/", "/")
    assert is_current("/", "/")


def test_every_name_in_the_table_is_used_once():
    names = [item.url_name for section in SECTIONS for item in section.items]
    assert len(names) == len(set(names))
