"""What is known beside a conversation."""

import pytest
from django.utils import timezone

from conversations.models import Customer, CustomerIdentity
from handoffs.domain.inbox import Viewer
from handoffs.models import Handoff, HandoffSettings
from handoffs.selectors.inbox_detail import read_detail
from handoffs.services.closing import hand_back
from handoffs.services.releases import publish_release


@pytest.fixture
def viewer(agent) -> Viewer:
    return Viewer(str(agent.pk), masked=False, can_reply=True)


@pytest.fixture
def known(waiting):
    """A waiting conversation of a customer we know something about."""
    Customer.objects.filter(pk=waiting.customer_id).update(name="Hannah Whitlock", attributes={"customer_id": "FM-1"})
    CustomerIdentity.objects.create(
        customer=waiting.customer,
        project=waiting.project,
        environment="live",
        channel="email",
        address="hannah@example.com",
    )
    Handoff.objects.update(
        data={"order_number": "7741-0932"}, evidence={"text": "A person please", "score": 0.97, "threshold": 0.8}
    )
    waiting.customer.refresh_from_db()
    return waiting


def test_the_handoff_says_what_it_carried_and_why_it_came(known, viewer):
    handoff = read_detail(conversation=known, viewer=viewer)["handoff"]

    assert handoff["data"] == {"Order number": "7741-0932"}
    assert (handoff["trigger"], handoff["score"], handoff["threshold"]) == ("explicit_request", 0.97, 0.8)
    assert handoff["evidence"] == "A person please"
    assert handoff["rules"] == [{"label": "Billing", "met": True, "values": "switched on"}]


WHY = {
    "trigger": "frustration",
    "evidence": {"rule": "course", "words": "useless", "sentence": "Frustration 0.81: “useless”", "sequences": [2, 3]},
}


def test_why_it_came_is_a_sentence_with_the_messages_it_rests_on(known, viewer):
    Handoff.objects.update(evidence={**WHY, "text": "useless", "signals": [{**WHY, "sequence": 4}]})
    handoff = read_detail(conversation=known, viewer=viewer)["handoff"]

    assert (handoff["explanation"], handoff["counted"]) == (["Frustration 0.81: “useless”"], [2, 3, 4])


def test_the_sentence_quotes_the_customer_and_goes_with_the_right_to_personal_data(known, agent):
    Handoff.objects.update(evidence={**WHY, "text": "useless"})
    masked = Viewer(str(agent.pk), masked=True, can_reply=True)
    handoff = read_detail(conversation=known, viewer=masked)["handoff"]

    assert (handoff["explanation"], handoff["counted"]) == ([], [2, 3])


def test_the_customer_is_known_by_name_attributes_and_addresses(known, viewer):
    customer = read_detail(conversation=known, viewer=viewer)["customer"]

    assert customer == {
        "facts": {"Name": "Hannah Whitlock", "Customer id": "FM-1", "Email": "hannah@example.com"},
    }


def test_what_was_collected_stands_under_the_label_it_was_asked_with(known, viewer, project, owner):
    fields = [{"key": "order_number", "label": "Your order", "kind": "text", "is_required": False, "choices": []}]
    HandoffSettings.objects.update_or_create(project=project, defaults={"collected_fields": fields})
    published = publish_release(project=project, publisher=owner, at=timezone.now())
    Handoff.objects.update(snapshot_hash=published.snapshot_id, context={"required": ["x"], "missing": ["email"]})

    handoff = read_detail(conversation=known, viewer=viewer)["handoff"]

    assert (handoff["data"], handoff["missing"]) == ({"Your order": "7741-0932"}, ["Email"])


def test_without_the_right_to_personal_data_labels_stay_and_values_go(known, agent):
    detail = read_detail(conversation=known, viewer=Viewer(str(agent.pk), masked=True, can_reply=True))

    assert detail["customer"]["facts"] == {"Name": "•••", "Customer id": "•••", "Email": "•••"}
    assert detail["handoff"]["data"] == {"Order number": "•••"}
    assert (detail["handoff"]["evidence"], detail["handoff"]["utterance"]) == ("•••", "•••")


def test_earlier_handoffs_of_the_customer_are_listed_with_who_took_them(claimed, agent, viewer, cast):
    hand_back(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, note="", at=timezone.now())
    cast.hand_off(claimed)
    claimed.refresh_from_db()

    (episode,) = read_detail(conversation=claimed, viewer=viewer)["earlier"]

    assert (episode["title"], episode["by_ai"], episode["agent"]) == ("Needs a person", False, "Maya Okafor")


def test_before_the_first_handoff_there_is_none(conversation, viewer):
    detail = read_detail(conversation=conversation, viewer=viewer)

    assert (detail["handoff"], detail["dispositions"], detail["earlier"]) == (None, [], [])
