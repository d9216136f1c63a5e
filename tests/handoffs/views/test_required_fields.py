"""The context contract on its screens: typed in the editor, looked at before publishing, shown to who answers."""

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import Conversation
from handoffs.models import Destination, Handoff, HandoffSettings
from handoffs.services.releases import publish_release
from tests.conftest import member
from tests.html_forms import read_form

COLLECTED = [{"key": "order_number", "label": "Order number", "kind": "text", "is_required": False, "choices": []}]


@pytest.fixture
def editor(client, project):
    """Post the billing destination's form with these required fields."""
    client.force_login(member(project, Role.ADMIN, "Ada Quist"))
    url = reverse("destination-edit", args=[Destination.objects.get(key="billing").pk])

    def send(typed):
        form = {**read_form(client.get(url).text, holding="revision"), "required_fields": typed}
        return client.post(url, form, follow=True)

    return send


def test_required_fields_are_kept_one_a_line(editor):
    editor("order_number\n\n email \nORDER_NUMBER")
    assert Destination.objects.get(key="billing").required_fields == ["order_number", "email"]


@pytest.mark.parametrize("typed", ["order number", "1st", "a..b", "a.", "naïve"])
def test_what_is_no_name_is_refused_with_an_example(editor, typed):
    answer = editor(typed)
    assert (answer.status_code, "as order_number" in answer.text) == (422, True)


def test_the_editor_warns_of_a_field_that_nobody_collects(editor):
    HandoffSettings.objects.update(collected_fields=COLLECTED)
    assert "Nothing here collects" not in editor("order_number").text
    assert "Nothing here collects iban. It comes only when" in editor("order_number\niban").text


def test_publishing_warns_of_what_nobody_collects(client, project, owner, now):
    Destination.objects.update(required_fields=["order_number", "iban"])
    HandoffSettings.objects.update(collected_fields=COLLECTED)
    client.force_login(owner)
    shown = client.get(reverse("releases")).text
    assert "1 required field is collected by nothing" in shown
    assert "<code>iban</code> at Billing" in shown
    publish_release(project=project, publisher=owner, at=now)
    assert "collected by nothing" not in client.get(reverse("releases")).text


def test_whoever_answers_sees_what_is_missing_and_it_is_scored(client, project, conversation, owner, agent, cast, now):
    Destination.objects.update(required_fields=["order_number", "iban"])
    publish_release(project=project, publisher=owner, at=now)
    Conversation.objects.update(state={"order_number": "7741"})
    cast.hand_off(conversation)
    assert Handoff.objects.get().context == {"required": ["order_number", "iban"], "missing": ["iban"], "score": 0.5}
    client.force_login(agent)
    shown = client.get(reverse("inbox-conversation", args=[conversation.pk])).text
    assert "1 of 2 required fields is missing: Iban" in shown
