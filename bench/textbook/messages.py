"""Storing a message as every tutorial does: lock the row, count, create."""

from typing import Any

from django.db import transaction

from bench.textbook.models import Message, Room


def store_message(room_id: str, body: dict[str, Any]) -> int:
    """Return the message's number in its room."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room_id)
        room.last += 1
        room.save(update_fields=["last"])
        return Message.objects.create(room=room, sequence=room.last, body=body).sequence


def messages_after(room_id: str, sequence: int) -> list[dict[str, Any]]:
    found = Message.objects.filter(room_id=room_id, sequence__gt=sequence)
    return [{"sequence": message.sequence, "body": message.body} for message in found]
