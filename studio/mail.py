"""E-mail: whether it is set up, what is sent, and what the mail server answered.

A page that sends waits for the server, `EMAIL_TIMEOUT` seconds at each step, because whoever invites wants to know
whether it went out; what must not tell by its duration whether an address is known goes through a task.
"""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.urls import reverse


class NotSetUp(Exception):
    """There is no mail server: set EMAIL_URL and start again."""


class NotSent(Exception):
    """The mail did not go out. The text is the server's answer, or why there was none."""


@dataclass(frozen=True, slots=True)
class MailState:
    """How this installation sends: `server` as host:port and `sender`, or not at all."""

    is_set_up: bool
    server: str
    sender: str


def read_mail_state() -> MailState:
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if settings.EMAIL_HOST else ""
    return MailState(settings.EMAIL_IS_SET_UP, server, settings.DEFAULT_FROM_EMAIL)


def send_mail_about(*, what: str, to: str, shown: Mapping[str, Any]) -> str:
    """Send `studio/mail/<what>.txt` and `.html` under the text's first line; return the server's answer.

    Raises NotSetUp, NotSent.
    """
    if not settings.EMAIL_IS_SET_UP:
        raise NotSetUp
    subject, _, text = render_to_string(f"studio/mail/{what}.txt", shown).strip().partition("\n")
    mail = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[to])
    mail.attach_alternative(render_to_string(f"studio/mail/{what}.html", shown), "text/html")
    try:
        return _deliver(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(_words(error)) from error


def send_test_email(*, to: str) -> str:
    """Send a mail that says that mails arrive; return the server's answer. Raises NotSetUp, NotSent."""
    return send_mail_about(what="test", to=to, shown={"base_url": settings.BASE_URL})


def link_to(name: str, **query: str) -> str:
    """An absolute address by the configured base, never by a request's Host. Secrets go into the query, which is
    not logged."""
    return f"{settings.BASE_URL}{reverse(name)}?{urlencode(query)}"


def _deliver(mail: EmailMultiAlternatives) -> str:
    connection = get_connection()
    if not isinstance(connection, EmailBackend):
        connection.send_messages([mail])
        return ""
    connection.open()
    try:
        server = connection.connection
        if server is None:
            raise smtplib.SMTPServerDisconnected
        return _converse(server, mail)
    finally:
        connection.close()


def _converse(server: smtplib.SMTP, mail: EmailMultiAlternatives) -> str:
    """Say MAIL, RCPT and DATA ourselves: Django's own sending keeps the answers back."""
    message = mail.message()
    server.ehlo_or_helo_if_needed()
    _expect(server.mail(_in_ascii(mail.from_email)), 250)
    for recipient in mail.recipients():
        _expect(server.rcpt(_in_ascii(recipient)), 250, 251)
    return _expect(server.data(message.as_bytes().replace(b"\n", b"\r\n")), 250)


def _in_ascii(address: str) -> str:
    """As SMTP takes it: a domain with other letters in its ASCII form. Raises NotSent."""
    try:
        return sanitize_address(address, "ascii")
    except ValueError as error:
        raise NotSent(str(error)) from error


def _expect(answer: tuple[int, bytes], *codes: int) -> str:
    code, text = answer
    if code not in codes:
        raise smtplib.SMTPResponseException(code, text)
    return f"{code} {text.decode(errors='replace')}"


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    # smtplib tells of a time-out as of a connection that was closed.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"no answer within {settings.EMAIL_TIMEOUT} s"
    return str(error) or type(error).__name__
