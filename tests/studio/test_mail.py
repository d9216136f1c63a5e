"""Mails against a real SMTP server on loopback: what arrives, and what the server's refusals read like."""

import socket
import threading
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.urls import reverse
from django.utils import timezone

from conversations.models import Invitation
from studio.mail import NotSent, NotSetUp, link_to, send_mail_about, send_test_email

pytestmark = pytest.mark.django_db


class Mailbox:
    """Keeps what arrives; answers as it is told to."""

    def __init__(self) -> None:
        self.arrived, self.refuses_recipient, self.refuses_data = [], "", ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses_recipient:
            return self.refuses_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refuses_data:
            return self.refuses_data
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        self.arrived.append((envelope.mail_from, envelope.rcpt_tos, parsed))
        return "250 2.0.0 Ok: queued as 4F1A"


@pytest.fixture
def mailbox():
    return Mailbox()


def use(settings, port, **more):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_IS_SET_UP = "127.0.0.1", port, True
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    for name, value in more.items():
        setattr(settings, name, value)


@pytest.fixture
def server(mailbox, settings):
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    use(settings, controller.port)
    yield controller
    controller.stop()


def test_a_mail_arrives_in_two_forms_and_the_servers_answer_comes_back(server, mailbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Handoff Studio <no-reply@studio.example.com>"
    assert send_test_email(to="maya@example.com") == "250 2.0.0 Ok: queued as 4F1A"
    [(sender, recipients, mail)] = mailbox.arrived
    assert (sender, recipients) == ("no-reply@studio.example.com", ["maya@example.com"])
    assert mail["Subject"] == "Mails of Handoff Studio arrive"
    assert mail["From"] == "Handoff Studio <no-reply@studio.example.com>"
    assert settings.BASE_URL in mail.get_body(("plain",)).get_content()
    assert settings.BASE_URL in mail.get_body(("html",)).get_content()


def test_a_link_arrives_whole(server, mailbox):
    link = link_to("password-new", link="MDE5MA.c0ffee-" + "0123456789abcdef" * 8)
    send_mail_about(what="reset", to="maya@example.com", shown={"link": link, "name": "Maya"})
    mail = mailbox.arrived[0][2]
    assert link in mail.get_body(("plain",)).get_content().splitlines()
    assert f'href="{link}"' in mail.get_body(("html",)).get_content()


def test_a_name_cannot_write_headers_or_markup(server, mailbox):
    shown = {"link": "http://x/", "name": "<b>Maya</b>\r\nBcc: all@example.com"}
    send_mail_about(what="reset", to="maya@example.com", shown=shown)
    mail = mailbox.arrived[0][2]
    assert mail["Bcc"] is None
    assert "<b>" not in mail.get_body(("html",)).get_content()


def test_a_name_with_a_line_of_its_own_stays_in_the_subject(server, mailbox, project):
    project.name = "Fernhill\rMobile"
    invitation = Invitation(project=project, expires_at=timezone.now())
    shown = {"link": "http://x/", "invitation": invitation, "roles": ["Agent"], "by": "Olive Grant"}
    send_mail_about(what="invitation", to="nora@example.com", shown=shown)
    assert mailbox.arrived[0][2]["Subject"] == "Join Fernhill Mobile"


def test_a_domain_with_other_letters_is_written_in_ascii(server, mailbox):
    send_test_email(to="nora@exämple.com")
    assert mailbox.arrived[0][1] == ["nora@xn--exmple-cua.com"]


@pytest.mark.parametrize(
    ("refusal", "answer"),
    [
        ({"refuses_recipient": "550 5.1.1 No such user here"}, "550 5.1.1 No such user here"),
        ({"refuses_data": "554 5.7.1 Looks like spam"}, "554 5.7.1 Looks like spam"),
        ({"refuses_recipient": "451 4.7.1 Greylisted, come back"}, "451 4.7.1 Greylisted, come back"),
    ],
)
def test_a_refusal_is_told_in_the_servers_words(server, mailbox, refusal, answer):
    vars(mailbox).update(refusal)
    with pytest.raises(NotSent, match=answer):
        send_test_email(to="maya@example.com")
    assert mailbox.arrived == []


def test_a_wrong_password_of_the_mail_server_is_told(mailbox, settings):
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(), auth_require_tls=False, auth_required=True,
        authenticator=lambda *arguments: AuthResult(success=False, handled=False),
    )  # fmt: skip
    controller.start()
    try:
        use(settings, controller.port, EMAIL_HOST_USER="me", EMAIL_HOST_PASSWORD="wrong")
        with pytest.raises(NotSent, match="535"):
            send_test_email(to="maya@example.com")
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nobody_listening_is_told(settings):
    use(settings, free_port())
    with pytest.raises(NotSent, match="Connection refused"):
        send_test_email(to="maya@example.com")


def test_a_server_that_never_answers_is_given_up(settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use(settings, silent.getsockname()[1], EMAIL_TIMEOUT=0.2)
        with pytest.raises(NotSent, match=r"no answer within 0\.2 s"):
            send_test_email(to="maya@example.com")


def test_a_server_that_hangs_up_is_told(settings):
    with socket.socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()
        hanging_up = threading.Thread(target=lambda: rude.accept()[0].close())
        hanging_up.start()
        use(settings, rude.getsockname()[1])
        with pytest.raises(NotSent, match="closed"):
            send_test_email(to="maya@example.com")
        hanging_up.join()


def test_without_a_mail_server_nothing_is_tried(settings):
    settings.EMAIL_IS_SET_UP = False
    with pytest.raises(NotSetUp):
        send_test_email(to="maya@example.com")


def test_an_owner_sends_a_mail_to_themselves_and_reads_the_answer(server, mailbox, client, owner):
    client.force_login(owner)
    page = client.post(reverse("email-test")).text
    assert [recipients for _, recipients, _ in mailbox.arrived] == [[owner.email]]
    assert "250 2.0.0 Ok: queued as 4F1A" in page


def test_an_owner_reads_why_it_did_not_go_out(server, mailbox, client, owner):
    mailbox.refuses_recipient = "550 5.1.1 No such user <here>"
    client.force_login(owner)
    answer = client.post(reverse("email-test"), headers={"HX-Request": "true"})
    assert "550 5.1.1 No such user &lt;here&gt;" in answer.text
    assert answer.text.lstrip().startswith('<div class="hs-mail" id="email-state">')


def test_an_agent_sends_no_test_mail(server, mailbox, client, agent):
    client.force_login(agent)
    assert client.post(reverse("email-test")).status_code == 403
    assert mailbox.arrived == []
