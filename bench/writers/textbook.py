"""Appends through the ORM as a Channels consumer does."""

import os
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.textbook.settings")
django.setup()

from channels.db import database_sync_to_async

from bench.textbook.messages import store_message
from bench.writers.loop import serve

TEXT = "x" * 120


async def append(room: uuid.UUID, number: int) -> int:
    return await database_sync_to_async(store_message)(str(room), {"text": TEXT})


if __name__ == "__main__":
    serve(append)
