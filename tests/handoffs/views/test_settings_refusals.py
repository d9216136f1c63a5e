"""What the forms of the settings refuse, with a correction, and what they keep of what was typed."""

from typing import Any

import pytest
from django.urls import reverse

from conversations.models import AuditEntry, Project
from handoffs.forms.forbidden_topics import MOST_TOPICS
from handoffs.models import ForbiddenTopic, HandoffSettings, Reason
from tests.handoffs.views.settings_forms import listed, send, url_of

FIELD = {"key": "name", "label": "Name", "kind": "text", "is_required": True, "choices": ""}
CONTACT = {"kind": "phone", "label": "Call us", "value": "+442079460177"}
DONE = {"code": "done", "label": "Done"}


def problems(answer) -> str:
    """Every refusal of a form and of the rows in it."""
    form = answer.context["form"]
    rows = [row for rows in getattr(form, "lists", {}).values() for row in rows.forms]
    return " ".join(str(errors) for errors in (form.errors, *(row.errors for row in rows)))


REFUSED = [
    ("collected-data", listed("collected_fields", [FIELD, FIELD]), "Two fields have the key name"),
    ("collected-data", listed("collected_fields", [{**FIELD, "key": "Full name"}]), "Try name"),
    ("collected-data", listed("collected_fields", [{**FIELD, "label": ""}]), "Say what the customer is asked for"),
    ("collected-data", listed("collected_fields", [{**FIELD, "kind": "colour"}]), "colour"),
    ("collected-data", listed("collected_fields", [{**FIELD, "kind": "choice", "choices": "One"}]), "two choices"),
    ("collected-data", listed("collected_fields", [FIELD] * 51), "50"),
    ("collected-data", {"collected_fields-TOTAL_FORMS": "x"}, "ManagementForm"),
    ("forbidden-topic", {"name": ""}, "Give it a name"),
    ("forbidden-topic", {"description": " "}, "Say what it is"),
    ("forbidden-topic", {"examples": "x" * 201}, "200 characters at most"),
    ("forbidden-topic", {"examples": "\n".join(map(str, range(51)))}, "50 lines at most, these are 51"),
    ("forbidden-topic", {"destination_key": "nowhere"}, "nowhere"),
    ("forbidden-topic", {"reason_code": "nothing"}, "nothing"),
    ("forbidden-topic-add", {"name": "LEGAL THREATS", "description": "x"}, "Another one has this name"),
    ("reason-add", {"label": "Refund", "code": "Refund request"}, "Try refund_request"),
    ("reason-add", {"label": "Refund", "code": "needs_human"}, "Another reason has this code"),
    ("reason-add", {"label": "Refund", "code": ""}, "Give it a code"),
    ("reason", {"label": ""}, "Say it in words agents read"),
    ("reason", {"target_seconds": "soon"}, "Try 5:00"),
    ("reason", {"target_seconds": "0:01"}, "From 0:05"),
    ("queue", {"name": ""}, "Give the queue a name"),
    ("queue-add", {"name": "billing", "target_seconds": "2:00"}, "Another one has this name"),
    ("queue", {"target_seconds": ""}, "Say how long"),
    ("queue", {"teams": ["7"]}, "7"),
    ("queue", listed("dispositions", [DONE, DONE]), "Two dispositions have the code done"),
    ("queue", listed("dispositions", [{**DONE, "code": "Done!"}]), "Try done"),
    ("queue", listed("dispositions", [{"code": "", "label": ""}]), "Say what was achieved"),
    ("unanswered", {"default_wait_limit_seconds": "0:05"}, "From 0:15"),
    ("unanswered", {"after_timeout": "shrug"}, "shrug"),
    ("unanswered", {"voice_fallback_number": "020 7946 0177"}, "no international number"),
    ("unanswered", {"voice_fallback_number": "tel:0177;phone-context=+44"}, "Try tel:+442079460177"),
    ("unanswered", {"voice_fallback_number": "sip:a@b.example"}, "no international number"),
    ("unanswered", {"decline_text": "No, {name}."}, "There is no variable {name} here. This text holds no variables"),
    ("unanswered", {"closed_text": "Back {open}."}, "This text can hold {opening}"),
    ("unanswered", {"message_thanks": "To {contact!r}."}, "There is no variable {contact!r} here"),
    ("unanswered", {"message_thanks": "To {contact."}, "A brace stands alone"),
    ("unanswered", {"message_text": "x" * 601}, "600"),
    ("unanswered", listed("alternative_contacts", [{**CONTACT, "value": "0177"}]), "no international number"),
    ("unanswered", listed("alternative_contacts", [{**CONTACT, "kind": "email"}]), "no e-mail address"),
    (
        "unanswered",
        listed("alternative_contacts", [{**CONTACT, "kind": "link", "value": "javascript:alert(1)"}]),
        "https://",
    ),
    ("unanswered", listed("alternative_contacts", [{**CONTACT, "kind": "form", "value": "ftp://a.example"}]), "https:"),
    ("unanswered", listed("alternative_contacts", [{**CONTACT, "label": ""}]), "Say what it is"),
    ("project-settings", {"name": ""}, "Give the project a name"),
    ("project-settings", {"name": "SECOND"}, "Another project of the account has this name"),
    ("project-settings", {"time_zone": "Londn"}, "There is no zone “Londn”. Try Europe/London"),
    ("project-settings", {"greeting": ""}, "Say how the AI begins"),
]


@pytest.mark.parametrize(("page", "sent", "words"), REFUSED)
def test_what_cannot_be_is_refused_with_a_correction_and_nothing_is_lost(as_owner, account, rows, page, sent, words):
    Project.objects.create(account=account, name="Second")
    answer = send(as_owner, url_of(page, rows.get(page)), **sent)
    assert answer.status_code == 422
    html = problems(answer)
    assert words in html.replace("&#x27;", "'")
    assert "Not saved" in answer.content.decode()
    assert not AuditEntry.objects.exists()
    typed = answer.context["form"].data
    assert all(str(value) in typed.getlist(name) for name, [value] in _lists(sent))


def test_a_project_has_so_many_forbidden_topics_and_no_more(as_owner, project):
    rows = [
        ForbiddenTopic(project=project, key=f"topic_{number}", name=f"Topic {number}", description="x")
        for number in range(MOST_TOPICS)
    ]
    ForbiddenTopic.objects.bulk_create(rows)
    answer = send(as_owner, reverse("forbidden-topic-add"), name="One more", description="x")
    assert answer.status_code == 422
    assert "200 forbidden topics at most" in problems(answer)
    assert send(as_owner, reverse("forbidden-topic", args=[rows[0].pk]), utterance="No.").status_code == 302


def _lists(sent: dict[str, Any]):
    """Each field with what was typed into it; a list of choices apart."""
    return ((name, value if isinstance(value, list) else [value]) for name, value in sent.items())


@pytest.mark.parametrize(
    "contact",
    [
        CONTACT,
        {"kind": "phone", "label": "Call", "value": "tel:+44-20-7946-0177"},
        {"kind": "link", "label": "Help", "value": "https://example.com/help?a=1"},
        {"kind": "form", "label": "Write", "value": "http://example.com/form"},
        {"kind": "email", "label": "Mail", "value": "help@example.com"},
    ],
    ids=lambda contact: contact["value"],
)
def test_a_contact_of_its_kind_is_kept_as_it_was_typed(as_owner, project, contact):
    assert send(as_owner, reverse("unanswered"), **listed("alternative_contacts", [contact])).status_code == 302
    assert HandoffSettings.objects.get(project=project).alternative_contacts == [contact]


def test_a_field_without_a_key_gets_one_from_its_label_and_keeps_choices_only_as_a_choice(as_owner, project):
    rows = [
        {"label": "Order number", "key": "", "kind": "text", "choices": "left over"},
        {"label": "2nd plan", "key": "", "kind": "choice", "choices": "Small\nLarge\nsmall"},
    ]
    assert send(as_owner, reverse("collected-data"), **listed("collected_fields", rows)).status_code == 302
    stored = HandoffSettings.objects.get(project=project).collected_fields
    assert [(field["key"], field["choices"]) for field in stored] == [
        ("order_number", []),
        ("field_2nd_plan", ["Small", "Large"]),
    ]


def test_a_reasons_code_stays_whatever_is_sent(as_owner, rows):
    assert send(as_owner, url_of("reason", rows["reason"]), code="other", label="Other").status_code == 302
    reason = Reason.objects.get(pk=rows["reason"].pk)
    assert (reason.code, reason.label) == ("needs_human", "Other")
