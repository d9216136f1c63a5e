import pytest

from conversations.domain.attachments import AttachmentRefused, read_attachment, read_attachments, read_suggestions

URL = "https://files.example.com/invoice.pdf"


def test_an_attachment_needs_an_address_and_is_a_link_when_nothing_is_said():
    assert read_attachment({"content_url": URL, "title": "", "unknown": 1}) == {
        "content_url": URL,
        "content_type": "ATTACHMENT_CONTENT_TYPE_URL",
    }


def test_every_published_field_is_kept():
    full = {
        "content_url": URL,
        "content_type": "ATTACHMENT_CONTENT_TYPE_IMAGE",
        "title": "Your invoice",
        "preview_image_url": "https://files.example.com/invoice.png",
        "call_to_action_text": "Open it",
    }
    assert read_attachment(full) == full


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("https://a.example", "attachments"),
        ({}, "content_url"),
        ({"content_url": "http://a.example/"}, "content_url"),
        ({"content_url": "javascript:alert(1)"}, "content_url"),
        ({"content_url": "https://"}, "content_url"),
        ({"content_url": "https://me:secret@a.example/"}, "content_url"),
        ({"content_url": "https://a.example/\n"[:-1] + "\u0000"}, "content_url"),
        ({"content_url": "https://[::1/"}, "content_url"),
        ({"content_url": "https://a.example/" + "x" * 2000}, "content_url"),
        ({"content_url": 7}, "content_url"),
        ({"content_url": URL, "preview_image_url": "data:image/png;base64,xx"}, "preview_image_url"),
        ({"content_url": URL, "content_type": "VIDEO"}, "content_type"),
        ({"content_url": URL, "content_type": ["x"]}, "content_type"),
        ({"content_url": URL, "title": "x" * 201}, "title"),
        ({"content_url": URL, "call_to_action_text": "x" * 81}, "call_to_action_text"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_its_field(given, field):
    with pytest.raises(AttachmentRefused) as refused:
        read_attachment(given)

    assert refused.value.field == field


@pytest.mark.parametrize("given", [None, "x", {"content_url": URL}, [{"content_url": URL}] * 11])
def test_attachments_are_a_list_of_ten_at_most(given):
    with pytest.raises(AttachmentRefused):
        read_attachments(given)


def test_suggestions_are_texts():
    assert read_suggestions(["Yes", {"message_text": "No", "payload": "n"}]) == [
        {"message_text": "Yes"},
        {"message_text": "No"},
    ]


@pytest.mark.parametrize("given", ["Yes", [""], [{}], [{"message_text": 1}], ["x" * 201], ["x"] * 11, None])
def test_what_is_no_suggestion_is_refused(given):
    with pytest.raises(AttachmentRefused):
        read_suggestions(given)
