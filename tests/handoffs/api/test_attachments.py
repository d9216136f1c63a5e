"""Links an agent hangs on a message, over the Desk API."""

import pytest

from conversations.models import Draft, Event

INVOICE = {
    "content_url": "https://files.example.com/invoice.pdf",
    "content_type": "ATTACHMENT_CONTENT_TYPE_URL",
    "title": "Your invoice",
    "call_to_action_text": "Open it",
}


@pytest.fixture
def say(call, agent, claimed):
    def with_attachments(*attachments: object, client_id: str = "m-1"):
        body = {"text": "Here it is", "epoch": claimed.epoch, "client_id": client_id, "attachments": list(attachments)}
        return call(agent).post(f"inbox/{claimed.pk}/messages", body)

    return with_attachments


def test_a_link_goes_with_the_message(say):
    answer = say(INVOICE)

    assert answer.status_code == 201
    stored = Event.objects.get(type="human.message")
    assert stored.payload["attachments"] == [INVOICE]
    assert answer.json()["event"]["payload"]["attachments"] == [INVOICE]


def test_what_is_not_said_is_left_out_and_a_link_is_a_link(say):
    say({"content_url": "https://files.example.com/a"})

    assert Event.objects.get(type="human.message").payload["attachments"] == [
        {"content_url": "https://files.example.com/a", "content_type": "ATTACHMENT_CONTENT_TYPE_URL"}
    ]


def test_a_message_without_attachments_has_none(say):
    say()

    assert "attachments" not in Event.objects.get(type="human.message").payload


@pytest.mark.parametrize(
    ("attachment", "field"),
    [
        ({}, "content_url"),
        ({"content_url": "http://files.example.com/a"}, "content_url"),
        ({"content_url": "javascript:alert(1)"}, "content_url"),
        ({**INVOICE, "content_type": "ATTACHMENT_CONTENT_TYPE_VIDEO"}, "content_type"),
        ({**INVOICE, "preview_image_url": "data:image/png;base64,AA"}, "preview_image_url"),
        ({**INVOICE, "title": "x" * 201}, "title"),
    ],
)
def test_what_a_customers_page_cannot_show_is_refused_by_its_field(say, attachment, field):
    answer = say(attachment)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]["attachments"]["0"]) == [field]
    assert not Event.objects.filter(type="human.message").exists()
    assert not Draft.objects.exists()


def test_ten_are_the_most(say):
    assert say(*[INVOICE] * 11).status_code == 422
    assert say(*[INVOICE] * 10).status_code == 201
