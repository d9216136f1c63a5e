"""Keys: their text is shown once, everything about them is audited, and nobody reaches another's."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Environment, Role
from conversations.models import ApiKey, AuditEntry
from conversations.models.ids import new_id
from conversations.services.api_keys import (
    MadeAlready,
    NotRotated,
    create_personal_token,
    create_project_key,
    find_api_key,
    rotate_api_key,
)
from tests.conftest import member

TEXT = re.compile(r"h[sp]_[A-Za-z0-9_-]{43}")


@pytest.fixture
def developer(project):
    return member(project, Role.DEVELOPER, "Dev Patel")


@pytest.fixture
def browser(client, developer):
    client.force_login(developer)
    return client


def key_form(**changes):
    return {
        "name": "CRM sync",
        "environment": "live",
        "scopes": ["handoff", "outcomes"],
        "last_day": "",
        "key_id": str(new_id()),
        **changes,
    }


def make(browser, url_name="api-key-add", **changes):
    """Send the form; return the answer and the text it shows."""
    answer = browser.post(reverse(url_name), key_form(**changes))
    assert answer.status_code == 201
    (text,) = set(TEXT.findall(answer.content.decode()))
    return answer, text


def everything_shown(browser, *names):
    return "".join(browser.get(reverse(name), follow=True).content.decode() for name in names)


def test_a_key_works_once_it_is_made_and_carries_what_was_chosen(browser, project, now):
    _, text = make(browser)
    key = find_api_key(text, at=now)
    assert (key.name, key.environment, key.scopes, key.project, key.expires_at) == (
        "CRM sync",
        "live",
        ["handoff", "outcomes"],
        project,
        None,
    )


@pytest.mark.parametrize(
    ("url_name", "pages"),
    [
        ("api-key-add", ("api-keys", "api-key-add", "personal-tokens", "connectors")),
        ("personal-token-add", ("api-keys", "personal-tokens", "personal-token-add", "home")),
    ],
)
def test_the_text_is_in_no_later_answer_not_in_the_audit_the_session_a_cookie_or_the_logs(
    browser, owner, caplog, url_name, pages
):
    with caplog.at_level("DEBUG"):
        answer, text = make(browser, url_name)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Location" not in answer.headers
    kept = repr(dict(browser.session)) + repr(browser.cookies) + caplog.text
    stored = repr(list(AuditEntry.objects.values())) + repr(list(ApiKey.objects.values()))
    assert text not in everything_shown(browser, *pages) + kept + stored
    browser.force_login(owner)
    assert text not in everything_shown(browser, "audit", *pages)


def test_a_key_may_last_as_long_as_there_are_days(browser):
    _, text = make(browser, last_day="9999-12-31")
    assert find_api_key(text, at=timezone.now()).name == "CRM sync"


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one_key(project):
    start, key_id = threading.Barrier(2, timeout=20), new_id()

    def create(_):
        with closing(connection):
            start.wait()
            try:
                return create_personal_token(user=person, name="Script", key_id=key_id)
            except MadeAlready:
                return None

    person = member(project, Role.DEVELOPER, "Dev Patel")
    with ThreadPoolExecutor(2) as pool:
        assert sum(made is None for made in pool.map(create, range(2))) == 1
    assert ApiKey.objects.count() == 1


def test_a_form_sent_twice_makes_one_key(browser, project):
    form = key_form()
    first = browser.post(reverse("api-key-add"), form)
    again = browser.post(reverse("api-key-add"), form, follow=True)
    assert first.status_code == 201
    assert not TEXT.search(again.content.decode())
    assert "Its text is shown that one time only" in again.content.decode()
    assert ApiKey.objects.filter(project=project).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"scopes": []}, "Choose one at least"),
        ({"scopes": ["everything"]}, "Select a valid choice"),
        ({"environment": "moon"}, "Select a valid choice"),
        ({"last_day": "2020-01-01"}, "This day is over"),
        ({"last_day": "soon"}, "Enter a valid date"),
    ],
)
def test_a_refused_form_says_why_keeps_what_was_typed_and_makes_nothing(browser, changes, words):
    answer = browser.post(reverse("api-key-add"), key_form(**{"name": "Kept name", **changes}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert "name" in changes or "Kept name" in shown
    assert not ApiKey.objects.exists()


def test_a_key_ends_with_its_last_day_in_the_projects_zone(browser, project):
    project.time_zone = "Pacific/Auckland"
    project.save()
    today = timezone.localdate(timezone=timezone.zoneinfo.ZoneInfo("Pacific/Auckland"))
    _, text = make(browser, last_day=today.isoformat())
    key = find_api_key(text, at=timezone.now())
    ends = key.expires_at.astimezone(timezone.zoneinfo.ZoneInfo("Pacific/Auckland"))
    assert (ends.date(), ends.hour, ends.minute) == (today + timedelta(days=1), 0, 0)
    assert find_api_key(text, at=key.expires_at) is None


def test_a_revoked_key_opens_nothing_and_its_end_is_audited(browser, developer, project, now):
    _, text = make(browser)
    key = ApiKey.objects.get(project=project)
    answer = browser.post(reverse("api-key-revoke", args=[key.pk]), follow=True)
    assert "CRM sync is revoked" in answer.content.decode()
    assert find_api_key(text, at=now) is None
    added, revoked = AuditEntry.objects.filter(project=project).order_by("at", "pk")
    assert (added.action, added.user, added.after["scopes"]) == ("api_key.added", developer, ["handoff", "outcomes"])
    assert (revoked.action, revoked.user, revoked.before["name"]) == ("api_key.revoked", developer, "CRM sync")


def test_revoking_again_leaves_no_second_trace(browser, project, owner):
    key, _ = create_project_key(project=project, environment=Environment.LIVE, name="CRM", scopes=[], user=owner)
    for _ in range(2):
        browser.post(reverse("api-key-revoke", args=[key.pk]))
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_the_list_says_when_a_key_was_used_last_and_which_have_ended(browser, project, now):
    _, used = make(browser, name="Used one")
    make(browser, name="New one")
    create_project_key(project=project, environment=Environment.LIVE, name="Old one", scopes=[], expires_at=now)
    find_api_key(used, at=now)
    shown = browser.get(reverse("api-keys")).content.decode()
    working, ended = shown.split("1 revoked or expired")
    assert "Used one" in working
    assert "New one" in working
    assert "never" in working
    assert "Old one" not in working
    assert "Old one" in ended


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.REVIEWER])
def test_who_may_not_edit_keys_sees_their_own_tokens_only(client, project, role):
    person = member(project, role, "Nora Feld")
    client.force_login(person)
    assert client.get(reverse("api-keys")).status_code == 403
    shown = client.get(reverse("personal-tokens")).content.decode()
    assert "Your tokens" in shown
    assert reverse("api-keys") + '"' not in shown


def test_a_token_of_somebody_else_and_a_key_of_another_project_are_not_found(browser, agent, outsider, account):
    theirs, text = create_personal_token(user=agent, name="Laptop")
    elsewhere = outsider.memberships.get().project
    key, _ = create_project_key(project=elsewhere, environment=Environment.LIVE, name="CRM", scopes=[])
    assert browser.post(reverse("personal-token-revoke", args=[theirs.pk])).status_code == 404
    assert browser.post(reverse("api-key-revoke", args=[theirs.pk])).status_code == 404
    assert browser.post(reverse("api-key-revoke", args=[key.pk])).status_code == 404
    assert find_api_key(text, at=timezone.now()) == theirs


def test_a_person_makes_and_revokes_their_own_token(browser, developer, now):
    _, text = make(browser, "personal-token-add")
    token = find_api_key(text, at=now)
    assert (token.user, token.project) == (developer, None)
    browser.post(reverse("personal-token-revoke", args=[token.pk]))
    assert find_api_key(text, at=now) is None
    actions = AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True)
    assert list(actions) == ["personal_token.added", "personal_token.revoked"]


def test_the_lists_take_as_many_queries_for_a_hundred_keys_as_for_two(
    browser, project, django_assert_max_num_queries
):  # fmt: skip
    for number in range(100):
        create_project_key(project=project, environment=Environment.LIVE, name=f"Key {number}", scopes=[])
    with django_assert_max_num_queries(15):
        browser.get(reverse("api-keys"))


def test_a_rotated_key_and_its_successor_open_the_same_until_the_old_one_ends(browser, project, now):
    _, old_text = make(browser)
    old = find_api_key(old_text, at=now)
    answer = browser.post(reverse("api-key-rotate", args=[old.pk]))
    assert answer.status_code == 201
    (text,) = set(TEXT.findall(answer.content.decode()))
    new = find_api_key(text, at=now)
    assert (new.replaces, new.name, new.scopes, new.environment) == (old, old.name, old.scopes, old.environment)
    assert new.expires_at is None
    old.refresh_from_db()
    assert timedelta(hours=23) < old.expires_at - now <= timedelta(hours=25)
    assert find_api_key(old_text, at=old.expires_at - timedelta(seconds=1)) == old
    assert find_api_key(old_text, at=old.expires_at) is None


def test_rotating_is_audited_without_the_text(browser, developer, project, now):
    _, text = make(browser)
    key = find_api_key(text, at=now)
    browser.post(reverse("api-key-rotate", args=[key.pk]))
    rotated = AuditEntry.objects.get(action="api_key.rotated")
    assert (rotated.user, rotated.before["expires_at"]) == (developer, None)
    assert rotated.after["replaced_by"] == ApiKey.objects.get(replaces=key).prefix


@pytest.mark.parametrize("how", ["again", "revoked", "expired"])
def test_what_has_ended_or_was_rotated_is_not_rotated(browser, project, now, how):
    _, text = make(browser)
    key = find_api_key(text, at=now)
    if how == "again":
        browser.post(reverse("api-key-rotate", args=[key.pk]))
    else:
        column = {"revoked": "revoked_at", "expired": "expires_at"}[how]
        ApiKey.objects.filter(pk=key.pk).update(**{column: now - timedelta(seconds=1)})
    made = ApiKey.objects.count()
    answer = browser.post(reverse("api-key-rotate", args=[key.pk]), follow=True)
    assert "has ended, or was rotated before" in answer.content.decode()
    assert ApiKey.objects.count() == made


def test_a_key_that_expires_is_followed_by_one_that_lives_as_long_and_never_lives_longer_itself(project, owner, now):
    soon = now + timedelta(hours=2)
    old, _ = create_project_key(
        project=project, environment=Environment.LIVE, name="Short", scopes=[], expires_at=soon
    )  # fmt: skip
    new, _ = rotate_api_key(key=old, user=owner, at=now)
    old.refresh_from_db()
    assert old.expires_at == soon
    assert timedelta(hours=1, minutes=59) < new.expires_at - now < timedelta(hours=2, minutes=1)


def test_of_rotations_at_the_same_moment_one_makes_a_key(transactional_db, project, owner, now):
    old, _ = create_project_key(project=project, environment=Environment.LIVE, name="One", scopes=[])

    def rotate(_):
        with closing(connection):
            try:
                return rotate_api_key(key=old, user=owner, at=now)[0].name
            except NotRotated:
                return "refused"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(rotate, range(4))) == ["One", "refused", "refused", "refused"]


def test_the_page_offers_to_rotate_what_works_and_says_until_when_the_old_one_does(browser, project, now):
    _, text = make(browser)
    page = browser.get(reverse("api-keys")).content.decode()
    assert "Rotate CRM sync?" in page
    assert "The old one works until" in page
    browser.post(reverse("api-key-rotate", args=[find_api_key(text, at=now).pk]))
    page = browser.get(reverse("api-keys")).content.decode()
    assert page.count("Rotate CRM sync?") == 1
    assert "replaced" in page
