"""Identifiers: UUIDv7, made in Python, so that they sort by age on every PostgreSQL from 15 on."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    return uuid7()
