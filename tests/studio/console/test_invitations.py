"""The pages of invitations, from asking to joining."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import Invitation, User
from conversations.selectors.people import roles_of
from conversations.services.invitations import invite_person
from tests.conftest import member

pytestmark = pytest.mark.django_db

EMAIL = "nina@example.com"
NEWCOMER = {"full_name": "Nina Okafor", "password": "a long new password", "repeated": "a long new password"}


@pytest.fixture
def inside(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def asked(project, owner):
    """Nina was asked to be an agent; the address of her link."""
    _, secret = invite_person(project=project, email=EMAIL, roles=[Role.AGENT], by=owner, at=timezone.now())
    return f"{reverse('join')}?invitation={secret}"


@pytest.fixture
def visitor():
    """A browser in which nobody is logged in; forged requests are refused."""
    return Client(enforce_csrf_checks=True)


def send(visitor, url, values, to=""):
    page = visitor.get(url).text
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return visitor.post(to or url, {**values, "csrfmiddlewaretoken": token})


def invite(inside, email=EMAIL, roles=("agent",)):
    return inside.post(reverse("invite"), {"email": email, "roles": roles})


def link_on(page):
    return re.search(r'<code id="made-link"[^>]*>([^<]+)<', page)[1]


def test_without_a_mail_server_the_link_is_shown_to_pass_on(inside, settings):
    settings.EMAIL_IS_SET_UP = False
    page = invite(inside).text
    assert "This installation cannot send e-mail" in page
    assert link_on(page).startswith(f"{settings.BASE_URL}/join/?invitation=")
    assert mail.outbox == []


def test_with_a_mail_server_the_same_link_is_mailed(inside, settings, owner, project):
    settings.EMAIL_IS_SET_UP = True
    page = invite(inside, roles=("agent", "reviewer")).text
    [sent] = mail.outbox
    assert sent.to == [EMAIL]
    assert sent.subject == f"Join {project.name}"
    assert link_on(page) in sent.body
    assert f"{owner.full_name} invited you to {project.name} in Handoff Studio, as Agent, Reviewer." in sent.body


def test_a_mail_that_does_not_go_out_loses_nothing(inside, settings):
    settings.EMAIL_IS_SET_UP, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    page = invite(inside).text
    assert "The mail did not go out" in page
    assert "Connection refused" in page
    assert link_on(page)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"email": "nobody", "roles": ["agent"]}, "valid email address"),
        ({"email": EMAIL, "roles": []}, "Choose one role at least"),
        ({"email": "MAYA@example.com", "roles": ["admin"]}, "Maya Okafor is in this project"),
    ],
)
def test_what_cannot_be_invited_is_refused_and_stays_in_the_form(inside, agent, values, told):
    answer = inside.post(reverse("invite"), values)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{values["email"]}"' in answer.text
    assert Invitation.objects.count() == 0


def test_an_open_invitation_is_not_doubled(inside, asked):
    assert f"{EMAIL} was invited on" in invite(inside).text
    assert Invitation.objects.count() == 1


def test_an_admin_invites_no_owner(client, project, owner):
    client.force_login(member(project, Role.ADMIN, "Aisha Bello"))
    assert "Only an owner gives or takes the role Owner" in invite(client, roles=("owner",)).text
    assert Invitation.objects.count() == 0


def test_the_host_a_request_claims_is_in_no_link(inside, settings):
    settings.ALLOWED_HOSTS = ["*"]
    page = inside.post(reverse("invite"), {"email": EMAIL, "roles": ["agent"]}, headers={"Host": "evil.example"}).text
    assert link_on(page).startswith(settings.BASE_URL)


def test_a_newcomer_joins_and_is_inside(visitor, asked, project):
    page = visitor.get(asked).text
    assert "Olive Grant invited nina@example.com as" in page
    answer = send(visitor, asked, NEWCOMER)
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert roles_of(User.objects.get(email=EMAIL), project) == {Role.AGENT}
    assert visitor.get(reverse("inbox")).status_code == 200


def test_a_bad_password_is_refused_and_the_name_stays(visitor, asked):
    answer = send(visitor, asked, {**NEWCOMER, "password": "short", "repeated": "short"})
    assert answer.status_code == 422
    assert 'value="Nina Okafor"' in answer.text
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_used_revoked_expired_or_unknown_link_says_which(visitor, asked):
    def told():
        answer = visitor.get(asked)
        assert answer.status_code == 410
        return re.search(r"</h1>\s*<p>(.*?)</p>", answer.text, re.DOTALL)[1]

    found = Invitation.objects.all()
    now = timezone.now()
    found.update(expires_at=now - timedelta(seconds=1))
    assert told().startswith("It is over 7 days old")
    found.update(expires_at=now + timedelta(days=1), revoked_at=now)
    assert told().startswith("It was taken back")
    found.update(revoked_at=None, accepted_at=now)
    assert told().startswith("It was accepted before")
    found.update(digest="0" * 64)
    assert told().startswith("There is no such invitation")


def test_somebody_with_a_log_in_logs_in_first_and_then_joins(visitor, project, owner, outsider):
    _, secret = invite_person(project=project, email=outsider.email, roles=[Role.REVIEWER], by=owner, at=timezone.now())
    link = f"{reverse('join')}?invitation={secret}"
    page = visitor.get(link).text
    assert "Log in to join" in page
    assert 'name="password"' not in page
    visitor.force_login(outsider)
    assert send(visitor, link, {}).url == reverse("home")
    assert roles_of(outsider, project) == {Role.REVIEWER}


def test_somebody_elses_invitation_asks_to_log_out(visitor, asked, outsider, project):
    visitor.force_login(outsider)
    assert "You are logged in as otto@example.com; the invitation is for nina@example.com." in visitor.get(asked).text
    assert send(visitor, asked, {}).url == asked
    assert roles_of(outsider, project) == frozenset()
    answer = send(visitor, asked, {"invitation": asked.partition("=")[2]}, to=reverse("join-leave"))
    assert answer.url == asked
    assert 'name="password"' in visitor.get(asked).text


def test_a_deactivated_person_does_not_come_back_by_an_invitation(visitor, project, owner, outsider):
    outsider.is_active = False
    outsider.save()
    _, secret = invite_person(project=project, email=outsider.email, roles=[Role.AGENT], by=owner, at=timezone.now())
    link = f"{reverse('join')}?invitation={secret}"
    assert "was deactivated" in visitor.get(link).text


def test_open_invitations_are_listed_renewed_and_revoked(inside, asked, client):
    assert EMAIL in inside.get(reverse("invitations")).text
    page = inside.post(reverse("invitation-renew", args=[Invitation.objects.get().pk])).text
    newest = Invitation.objects.get(revoked_at__isnull=True)
    assert link_on(page)
    assert Client().get(asked).status_code == 410
    inside.post(reverse("invitation-revoke", args=[newest.pk]))
    assert "Nobody is waited for" in inside.get(reverse("invitations")).text
    again = inside.post(reverse("invitation-renew", args=[newest.pk]), follow=True)
    assert "It was revoked before" in again.text


def test_another_projects_invitation_is_not_there(client, asked, outsider):
    client.force_login(outsider)
    for name in ("invitation-renew", "invitation-revoke"):
        assert client.post(reverse(name, args=[Invitation.objects.get().pk])).status_code == 404
