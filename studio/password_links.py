"""Links that set a new password: signed by Django's own generator, so each works once, for a day, and no longer
after a log-in or another change of the password."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from conversations.models import User
from conversations.services.people import NotTheirs, may_reset_password, record_in_projects, set_password
from studio.mail import link_to, send_mail_about

SEPARATOR = "."


class LinkUnusable(Exception):
    """The link is not one of ours, was used, or is over a day old."""


def make_reset_link(person: User) -> str:
    """The address of the page where this person sets a new password."""
    name = urlsafe_base64_encode(person.pk.bytes)
    return link_to("password-new", link=f"{name}{SEPARATOR}{default_token_generator.make_token(person)}")


def make_reset_link_for(*, person: User, by: User) -> str:
    """The same on somebody else's behalf, audited. Raises NotTheirs."""
    if not person.is_active or not may_reset_password(by, person):
        raise NotTheirs
    record_in_projects(person=person, by=by, action="person.reset_link_made")
    return make_reset_link(person)


def send_reset_link(*, email: str) -> str:
    """Mail a link to whoever logs in with this address; return the mail server's answer, nothing where nobody does.

    Raises NotSetUp, NotSent.
    """
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        return ""
    shown = {"link": make_reset_link(person), "name": person.get_short_name()}
    return send_mail_about(what="reset", to=person.email, shown=shown)


def find_by_link(text: str) -> User:
    """The person a link names while it works. Raises LinkUnusable."""
    name, _, token = text.partition(SEPARATOR)
    person = _person(name)
    if person is None or not person.is_active or not default_token_generator.check_token(person, token):
        raise LinkUnusable
    return person


def reset_password(*, link: str, password: str) -> User:
    """Set the password of the person the link names; the link is used up by it. Raises LinkUnusable."""
    with transaction.atomic():
        # Two at once with the same link: the second looks again and finds it used.
        User.objects.select_for_update(no_key=True).get(pk=find_by_link(link).pk)
        person = find_by_link(link)
        set_password(person=person, password=password, by=person, action="person.password_reset")
    return person


def _person(name: str) -> User | None:
    try:
        key = urlsafe_base64_decode(name)
    except ValueError:
        return None
    return User.objects.filter(pk=key.hex()).first() if len(key) == 16 else None
