"""How each side is reached: its application, new rooms for it, the address of a socket, and a message as it reads it.

A message's text begins with its number in the conversation, `#7 xxx…`, by which whoever hears it counts.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async

from bench import database, ours
from bench.scenario import FLOOR, OURS, TEXTBOOK

BATCHED = "floor, batched"
RESUME = "floor, resuming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """create: makes so many rooms; address: of a socket in one, after the event of that number if given."""

    application: str
    create: Callable[[int], list[uuid.UUID]]
    address: Callable[[int, uuid.UUID, int | None], str]
    frame: Callable[[int], bytes]
    environment: Mapping[str, str] = field(default_factory=dict)

    async def create_rooms(self, count: int) -> list[uuid.UUID]:
        return await sync_to_async(self.create)(count)


def create_floor_rooms(count: int) -> list[uuid.UUID]:
    return _create_rooms("INSERT INTO floor.room (id) SELECT unnest(%s::uuid[])", count)


def create_textbook_rooms(count: int) -> list[uuid.UUID]:
    return _create_rooms("INSERT INTO textbook.textbook_room (id, last) SELECT unnest(%s::uuid[]), 0", count)


def _create_rooms(statement: str, count: int) -> list[uuid.UUID]:
    ids = [uuid.uuid4() for _ in range(count)]
    with database.connect() as connection:
        connection.execute(statement, [ids])
    return ids


def room_address(port: int, room: uuid.UUID, after: int | None) -> str:
    return f"ws://127.0.0.1:{port}/ws?room={room}" + ("" if after is None else f"&after={after}")


def our_address(port: int, room: uuid.UUID, after: int | None) -> str:
    cursor = "" if after is None else f"&cursor={after}"
    return f"ws://127.0.0.1:{port}/ws?session_id={room}&access_token={ours.access_token()}{cursor}"


def plain_frame(number: int) -> bytes:
    return json.dumps({"text": f"#{number} {ours.TEXT}"}).encode()


def our_frame(number: int) -> bytes:
    """With an id, as the studio's own widget sends it: a repeat of it would be recognised."""
    payload = {"text": f"#{number} {ours.TEXT}"}
    return json.dumps({"type": "EVENT_TYPE_USER_MESSAGE", "id": str(number), "payload": payload}).encode()


def floor(application: str) -> Side:
    return Side(application=application, create=create_floor_rooms, address=room_address, frame=plain_frame)


SIDES: Mapping[str, Side] = {
    FLOOR: floor("bench.floors.path:single"),
    BATCHED: floor("bench.floors.path:batched"),
    RESUME: floor("bench.floors.resume:application"),
    TEXTBOOK: Side(
        application="bench.textbook.asgi:application",
        create=create_textbook_rooms,
        address=room_address,
        frame=plain_frame,
        environment={"DJANGO_SETTINGS_MODULE": "bench.textbook.settings"},
    ),
    OURS: Side(
        application="studio.asgi:application",
        create=ours.create_conversations,
        address=our_address,
        frame=our_frame,
        environment={"CUSTOMER_FRAMES_PER_SECOND": "0"},  # no limit: a closed loop is what the limit is there against
    ),
}
