import pytest
from django.core.exceptions import ImproperlyConfigured

from studio.environment import MailServer, env_mail_address, env_mail_server


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 25)),
        ("smtp://mail.example.com:587/?tls=1", MailServer("mail.example.com", 587, "starttls")),
        ("smtp://mail.example.com/?tls=0", MailServer("mail.example.com", 25)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, "tls")),
        ("smtp://me%40x:p%2Fw%3Ad@h:2525/?tls=1", MailServer("h", 2525, "starttls", "me@x", "p/w:d")),
        ("smtp://[::1]:1025", MailServer("::1", 1025)),
    ],
)
def test_a_mail_server_is_read_from_one_address(monkeypatch, text, server):
    monkeypatch.setenv("EMAIL_URL", text)
    assert env_mail_server("EMAIL_URL") == server


def test_without_the_variable_there_is_no_mail_server(monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert env_mail_server("EMAIL_URL") is None


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://mail.example.com:port",
        "smtp://mail.example.com:99999",
        "smtp://mail.example.com/?tls=yes",
        "smtp://mail.example.com/?ssl=1",
        "smtp://mail.example.com/?tls",
        "smtp://mail.example.com/inbox",
        "smtp://somebody@mail.example.com",
        "smtp://me:pass/word@mail.example.com",
        "smtp://[::1",
    ],
)
def test_nonsense_stops_the_start_with_an_example_and_without_the_password(monkeypatch, text):
    monkeypatch.setenv("EMAIL_URL", text)
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL .*Write smtp://user:password@mail") as refused:
        env_mail_server("EMAIL_URL")
    assert "pass/word" not in str(refused.value)


def test_a_server_is_shown_without_its_password():
    assert "secret" not in repr(MailServer("h", 25, "", "me", "secret"))


@pytest.mark.parametrize("text", ["no-reply@example.com", "Handoff Studio <no-reply@example.com>"])
def test_a_sender_is_an_address_with_or_without_a_name(monkeypatch, text):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", text)
    assert env_mail_address("DEFAULT_FROM_EMAIL", "x@example.com") == text


@pytest.mark.parametrize("text", ["Handoff Studio", "<no-reply@example.com", "a@b@c", "x@y\nBcc: z@z"])
def test_what_is_no_sender_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", text)
    with pytest.raises(ImproperlyConfigured, match="is no sender"):
        env_mail_address("DEFAULT_FROM_EMAIL", "x@example.com")
