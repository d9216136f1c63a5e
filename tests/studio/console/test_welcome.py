"""The first admin of an installation without a demo."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from conversations.models import Account, AuditEntry, User
from studio.first_admin import NotTheFirst, create_first_admin, keep_welcome_link, read_welcome_link

TYPED = {
    "account": "Fernhill",
    "full_name": "Aisha Bello",
    "email": "Aisha@Example.com",
    "password": "a long new password",
    "repeated": "a long new password",
}


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR, settings.SECRET_KEY_IS_KEPT = tmp_path, True


@pytest.fixture
def link(db):
    return keep_welcome_link()


def test_the_link_makes_the_first_admin_and_leads_to_the_first_project(client, link):
    assert client.get(link).status_code == 200
    answer = client.post(link, TYPED)
    assert (answer.status_code, answer.url) == (302, reverse("project-create"))
    user = User.objects.get()
    assert (user.email, user.is_superuser, user.is_staff) == ("aisha@example.com", True, True)
    assert Account.objects.get().name == "Fernhill"
    assert AuditEntry.objects.get().action == "person.first_admin"
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("secret", ["", "guess", "0" * 64, "é"])
def test_another_link_makes_nobody(client, link, secret):
    answer = client.post(f"{reverse('welcome')}?secret={secret}", TYPED)
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_once_somebody_has_a_log_in_the_link_leads_there(client, link, owner):
    for answer in (client.get(link), client.post(link, TYPED)):
        assert (answer.status_code, answer.url) == (302, reverse("login"))
    assert User.objects.count() == 1


def test_a_bad_form_keeps_what_was_typed(client, link):
    answer = client.post(link, TYPED | {"repeated": "different"})
    assert answer.status_code == 422
    assert 'value="Fernhill"' in answer.text
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_four_who_come_at_once_one_is_the_first():
    secret, start = keep_welcome_link().partition("secret=")[2], threading.Barrier(4, timeout=20)

    def create(number):
        with closing(connection):
            start.wait()
            try:
                return create_first_admin(
                    secret=secret, account="Fernhill", full_name="A", email=f"a{number}@example.com", password="x"
                )
            except NotTheFirst:
                return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(create, range(4)))
    assert sum(answer is not None for answer in answers) == 1
    assert (User.objects.count(), Account.objects.count()) == (1, 1)


def test_the_link_is_kept_for_the_start_and_removed_afterwards(db, account, settings):
    link = keep_welcome_link()
    assert read_welcome_link() == link
    assert (settings.VAR_DIR / "welcome.url").stat().st_mode & 0o777 == 0o600
    User.objects.create_user("a@example.com", "x", full_name="A")
    assert keep_welcome_link() == read_welcome_link() == ""


def test_without_a_kept_key_there_is_no_link_because_no_other_process_would_know_it(db, settings):
    settings.SECRET_KEY_IS_KEPT = False
    assert keep_welcome_link() == ""


def test_prepare_ends_with_the_link(db, monkeypatch, capsys):
    monkeypatch.delenv("STUDIO_STEPS", raising=False)
    written = io.StringIO()
    call_command("prepare", no_demo=True, stdout=written)
    assert written.getvalue().startswith("Create the first admin: http")
