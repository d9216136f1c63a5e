"""Tickets: a message is taken when nobody can come. A ticket waits in a queue without limit, nobody is kept."""

from datetime import datetime

from django.db import transaction

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event, OutboxEntry
from conversations.services.ownership import Owner, change_owner, change_projection, lock_conversation
from handoffs.domain.config import INBOX
from handoffs.domain.contact import Contact, find_contact
from handoffs.domain.lifecycle import INBOX_ENTRY, OPEN
from handoffs.models import Handoff, QueueEntry
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import tell_customer
from handoffs.services.episodes import create_next_episode
from handoffs.services.lifecycle import signal_handoff


def open_ticket(*, conversation: Conversation, after: Handoff, text: str, at: datetime) -> Handoff:
    """Follow a handoff that failed or timed out by a ticket in the same queue, in the caller's transaction,
    and tell the customer `text`."""
    ticket = create_next_episode(after=after, at=at, changes={"trace": {"after": str(after.id)}})
    fill_ticket(conversation=conversation, ticket=ticket, text=text, at=at)
    return ticket


def fill_ticket(*, conversation: Conversation, ticket: Handoff, text: str, at: datetime) -> None:
    """Make a ticket of an episode that has begun, in the caller's transaction, and tell the customer `text`."""
    # Tickets are answered in the inbox, wherever the customer was to be taken.
    Handoff.objects.filter(pk=ticket.pk).update(is_ticket=True, desk_key=INBOX)
    ticket.is_ticket, ticket.desk_key = True, INBOX
    for signal in INBOX_ENTRY:
        signal_handoff(handoff=ticket, signal=signal, at=at)
    QueueEntry.objects.create(
        handoff=ticket,
        conversation=conversation,
        project_id=ticket.project_id,
        environment=ticket.environment,
        queue_key=ticket.queue_key,
        is_ticket=True,
        entered_at=at,
    )
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.QUEUE, ticket.queue_key),
        event=NewEvent("ticket.opened", "system", {"handoff_id": str(ticket.id), "after": ticket.trace["after"]}),
        changes={
            "handoff_id": str(ticket.id),
            "handoff_state": ticket.state,
            "queue_key": ticket.queue_key,
            "waiting_since": None,
        },
        at=at,
    )
    tell_customer(conversation, text)


def take_message(*, entry: OutboxEntry, at: datetime) -> None:
    """Outbox handler of `ticket.message`: keep the contact data a customer's message holds, and thank once."""
    with transaction.atomic():
        conversation = lock_conversation(entry.conversation_id)
        ticket = Handoff.objects.filter(conversation=conversation, is_ticket=True, state__in=OPEN).first()
        if ticket is None:
            return
        event = Event.objects.get(conversation=conversation, sequence=entry.sequence or 0)
        contact = find_contact(event.payload.get("text", ""))
        if contact.email or contact.phone:
            _keep_contact(conversation, ticket, contact)


def _keep_contact(conversation: Conversation, ticket: Handoff, contact: Contact) -> None:
    found = {name: value for name, value in (("email", contact.email), ("phone", contact.phone)) if value}
    data = {**ticket.data, **found}
    if data == ticket.data:
        return
    Handoff.objects.filter(pk=ticket.pk).update(data=data)
    change_projection(
        conversation=conversation,
        event=NewEvent("ticket.contact_added", "system", found),
        changes={"handoff_data": data},
    )
    if conversation.ended_at is None:
        thanks = read_config(ticket.snapshot_hash).settings.message_thanks
        tell_customer(conversation, thanks.format(contact=" or ".join(found.values())))
