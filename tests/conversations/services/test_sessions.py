"""Sessions end once, tell why, and promise the rest."""

import pytest
from django.db import transaction
from django.utils import timezone

from conversations.append import StaleEpoch, UnknownConversation
from conversations.domain.vocabulary import EndReason, Environment
from conversations.models import Conversation, Customer, Event, OutboxEntry
from conversations.models.ids import new_id
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import end_session, open_session


def kinds(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


def end(conversation, reason=EndReason.USER_END) -> bool:
    return end_session(conversation_id=conversation.id, reason=reason, at=timezone.now())


def test_each_session_has_a_customer_of_its_own_in_the_connectors_environment(connector):
    connector.environment = Environment.SANDBOX
    connector.save()

    one, two = (open_session(connector=connector, options={"platform": "web"}) for _ in range(2))

    assert one.customer != two.customer
    assert (
        {one.environment, two.environment} == {"sandbox"} == set(Customer.objects.values_list("environment", flat=True))
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (EndReason.USER_END, ["session.started", "customer.ended", "session.ended"]),
        (EndReason.USER_ABANDONED, ["session.started", "session.ended"]),
        (EndReason.NATURAL_END, ["session.started", "session.ended"]),
    ],
)
def test_the_end_is_told_with_its_reason_and_promised_to_whoever_closes_what_is_open(conversation, reason, told):
    assert end(conversation, reason) is True

    assert kinds(conversation) == told
    assert Event.objects.latest("sequence").payload["reason"] == reason.value
    row = Conversation.objects.get()
    assert (row.owner_kind, row.epoch, row.ended_at is not None) == ("none", 2, True)
    entries = OutboxEntry.objects.order_by("id").values_list("topic", "payload")
    assert list(entries) == [
        ("conversation.ended", {"reason": reason.value}),
        ("webhook.emit", {"event": "conversation.ended", "reason": reason.value}),
    ]


def test_it_ends_once(conversation):
    end(conversation)
    before = kinds(conversation), OutboxEntry.objects.count()

    assert end(conversation, EndReason.USER_ABANDONED) is False
    assert (kinds(conversation), OutboxEntry.objects.count()) == before


def test_a_lock_under_an_epoch_that_is_over_is_refused(claimed, agent):
    with transaction.atomic(), pytest.raises(StaleEpoch) as refusal:
        lock_conversation(claimed.id, epoch=claimed.epoch - 1)

    assert (refusal.value.owner_id, refusal.value.epoch) == (str(agent.id), claimed.epoch)


def test_there_is_no_lock_on_what_does_not_exist(db):
    with transaction.atomic(), pytest.raises(UnknownConversation):
        lock_conversation(new_id())
