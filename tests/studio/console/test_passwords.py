"""Forgotten and changed passwords: links that work once, answers that tell nothing, sessions that end."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import kombu
import kombu.pools
import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.models import AuditEntry
from conversations.services.api_keys import create_personal_token, find_api_key
from conversations.services.people import deactivate_person
from studio.celery import app
from studio.password_links import LinkUnusable, find_by_link, make_reset_link, reset_password, send_reset_link
from tests.conftest import PASSWORD

NEW = "another long password"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mails(settings):
    """Mails can be sent, Django keeps those of tests in memory; tasks run where they are asked for."""
    settings.EMAIL_IS_SET_UP = True
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def strict():
    """A browser whose tokens against forged requests are checked."""
    return Client(enforce_csrf_checks=True)


def link_of(person):
    return make_reset_link(person).partition("link=")[2]


def mailed_link():
    return re.search(r"http://\S+", mail.outbox[-1].body)[0]


def fields(password=NEW, **more):
    return {"password": password, "repeated": password, **more}


@pytest.fixture
def no_broker(monkeypatch):
    """Tasks cannot be queued: where the broker should be, nobody listens."""
    app.conf.task_always_eager = False
    monkeypatch.setattr(app.amqp, "_producer_pool", kombu.pools.producers[kombu.Connection("redis://127.0.0.1:1/0")])


def test_without_a_broker_the_page_says_that_nothing_was_mailed(client, agent, no_broker):
    page = client.post(reverse("password-forgot"), {"email": agent.email})
    assert page.status_code == 503
    assert "This cannot be mailed right now" in page.text
    assert agent.email in page.text


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(client, agent):
    known = client.post(reverse("password-forgot"), {"email": agent.email})
    unknown = client.post(reverse("password-forgot"), {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert words_of(known, agent.email) == words_of(unknown, "nobody@example.com")
    assert [one.to for one in mail.outbox] == [[agent.email]]


def words_of(answer, email):
    return re.sub(r'data-now="[^"]+"', "", answer.text).replace(email, "…")


def test_a_link_is_mailed_to_who_has_a_log_in_and_to_nobody_else(agent):
    send_reset_link(email=agent.email.upper())
    send_reset_link(email="nobody@example.com")
    agent.is_active = False
    agent.save()
    send_reset_link(email=agent.email)
    assert [one.to for one in mail.outbox] == [[agent.email]]
    assert mailed_link().startswith("http")


def test_asking_again_and_again_is_slowed_down_also_for_nobody(client):
    ask = lambda: client.post(reverse("password-forgot"), {"email": "nobody@example.com"})  # noqa: E731
    answers = [ask() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "2"
    assert "Too many tries. Try again in 2 seconds" in answers[-1].text


def test_without_a_mail_server_the_page_names_who_can_help(client, agent, settings):
    settings.EMAIL_IS_SET_UP = False
    page = client.get(reverse("password-forgot")).text
    assert "An admin of your project can make a link for you" in page
    client.post(reverse("password-forgot"), {"email": agent.email})
    assert mail.outbox == []


def test_a_link_leads_to_a_new_password_and_leaves_the_address_bar(client, agent):
    answer = client.get(make_reset_link(agent))
    assert (answer.status_code, answer.url) == (302, reverse("password-new"))
    assert agent.email in client.get(answer.url).text
    answer = client.post(answer.url, fields())
    assert (answer.status_code, answer.url) == (302, reverse("login"))
    agent.refresh_from_db()
    assert agent.check_password(NEW)
    entry = AuditEntry.objects.get(action="person.password_reset")
    assert (entry.user, entry.before, entry.after) == (agent, None, None)


def test_a_link_works_once(client, agent):
    link = make_reset_link(agent)
    client.get(link)
    client.post(reverse("password-new"), fields())
    assert client.get(link, follow=True).status_code == 410


def test_of_two_who_use_a_link_at_once_one_sets_the_password(transactional_db, agent):
    link = link_of(agent)

    def use(password):
        with closing(connection):
            try:
                return reset_password(link=link, password=password)
            except LinkUnusable:
                return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(use, [f"long password {number}" for number in range(4)]))
    assert sum(answer is not None for answer in answers) == 1


def test_a_link_is_over_after_a_day(agent, settings):
    link = link_of(agent)
    assert find_by_link(link) == agent
    settings.PASSWORD_RESET_TIMEOUT = -1
    with pytest.raises(LinkUnusable):
        find_by_link(link)


def test_a_deactivated_persons_link_does_not_work(owner, agent):
    link = link_of(agent)
    deactivate_person(person=agent, by=owner)
    with pytest.raises(LinkUnusable):
        find_by_link(link)


@pytest.mark.parametrize("text", ["", ".", "x.y", "AAAA.token", "é.é", f"{'A' * 22}.abc-def", "\x00.\x00", "a" * 9000])
def test_what_is_no_link_says_so(client, text, db):
    client.get(reverse("password-new"), {"link": text})
    answer = client.get(reverse("password-new"))
    assert answer.status_code == 410
    assert "This link does not work" in answer.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"password": "short", "repeated": "short"}, "too short"),
        ({"password": "password123", "repeated": "password123"}, "too common"),
        ({"password": "maya@example.com", "repeated": "maya@example.com"}, "too similar"),
        ({"password": NEW, "repeated": NEW + "!"}, "The two differ"),
    ],
)
def test_a_bad_password_is_refused_and_the_link_stays_good(client, agent, typed, told):
    client.get(make_reset_link(agent))
    answer = client.post(reverse("password-new"), typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert client.post(reverse("password-new"), fields()).status_code == 302


def test_forged_requests_are_refused(strict, agent):
    for name in ("password-forgot", "password-new", "login"):
        assert strict.post(reverse(name), {"email": agent.email}).status_code == 403


@pytest.fixture
def two_browsers(agent):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.post(reverse("login"), {"username": agent.email, "password": PASSWORD})
    return browsers


def is_inside(browser):
    return browser.get(reverse("profile")).status_code == 200


def test_changing_the_password_ends_the_other_sessions_and_leaves_tokens(two_browsers, agent):
    here, there = two_browsers
    _, token = create_personal_token(user=agent, name="Script")
    answer = here.post(reverse("profile-password"), fields(old_password=PASSWORD))
    assert answer.status_code == 302
    assert (is_inside(here), is_inside(there)) == (True, False)
    assert find_api_key(token, at=timezone.now()) is not None
    assert AuditEntry.objects.get(action="person.password_changed").user == agent


def test_logging_out_elsewhere_keeps_the_password(two_browsers, agent):
    here, there = two_browsers
    assert here.post(reverse("profile-sessions"), {"elsewhere-old_password": PASSWORD}).status_code == 302
    assert (is_inside(here), is_inside(there)) == (True, False)
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)
    assert AuditEntry.objects.filter(action="person.logged_out_elsewhere").count() == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("profile-password", fields(old_password="wrong")),
        ("profile-sessions", {"elsewhere-old_password": "wrong"}),
    ],
)
def test_the_current_password_is_asked_for_and_guessing_it_is_slowed_down(two_browsers, agent, name, typed):
    here, there = two_browsers
    answers = [here.post(reverse(name), typed) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 6
    assert "That is not your current password" in answers[0].text
    assert "Too many tries" in answers[5].text
    assert (is_inside(here), is_inside(there)) == (True, True)


def test_who_is_deactivated_is_outside_at_once_and_their_tokens_are_refused(two_browsers, agent, owner):
    _, token = create_personal_token(user=agent, name="Script")
    deactivate_person(person=agent, by=owner)
    assert not any(map(is_inside, two_browsers))
    assert find_api_key(token, at=timezone.now() + timedelta(minutes=5)) is None


def test_a_name_is_changed_and_audited(client, agent, project):
    client.force_login(agent)
    client.post(reverse("profile-name"), {"full_name": "Maya Bello"})
    entry = AuditEntry.objects.get(project=project, action="person.renamed")
    assert (entry.before, entry.after) == ({"full_name": "Maya Okafor"}, {"full_name": "Maya Bello"})
    assert client.post(reverse("profile-name"), {"full_name": ""}).status_code == 422
