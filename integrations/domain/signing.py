"""Signatures of outgoing webhooks: ours and the Standard Webhooks ones, made and checked."""

import base64
import hashlib
import hmac
import secrets as entropy
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

TIMESTAMP = "X-Studio-Timestamp"
SIGNATURE = "X-Studio-Signature"
EVENT_ID = "X-Studio-Event-ID"
STANDARD_ID = "webhook-id"
STANDARD_TIMESTAMP = "webhook-timestamp"
STANDARD_SIGNATURE = "webhook-signature"

PREFIX = "whsec_"
LEAST_KEY_BYTES = 24  # what Standard Webhooks asks for
TOLERANCE = timedelta(minutes=5)


class BadSecret(ValueError):
    """The text is no signing secret: give `whsec_` and at least 24 random bytes in base64."""


class BadSignature(Exception):
    """The call was not signed with a secret we know, or not now: refuse it. The argument says which."""


def new_secret() -> str:
    """Return a fresh secret: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(entropy.token_bytes(32)).decode()


def check_secret(secret: str) -> str:
    """Return `secret` unchanged. Raises BadSecret."""
    if len(_standard_key(secret)) < LEAST_KEY_BYTES:
        raise BadSecret(f"A signing secret holds at least {LEAST_KEY_BYTES} bytes")
    return secret


def sign(*, secrets: Sequence[str], event_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that go with `body`. `secrets` stand newest first, one or (while rotating) two.

    `X-Studio-Signature` is made with the newest secret. `webhook-signature` may by its definition carry
    several signatures and carries one of each, so a receiver that knows either secret accepts it.
    Raises BadSecret.
    """
    stamp = str(int(at.timestamp()))
    standard = [standard_signature(secret=one, event_id=event_id, stamp=stamp, body=body) for one in secrets]
    return {
        EVENT_ID: event_id,
        TIMESTAMP: stamp,
        SIGNATURE: studio_signature(secret=secrets[0], stamp=stamp, body=body),
        STANDARD_ID: event_id,
        STANDARD_TIMESTAMP: stamp,
        STANDARD_SIGNATURE: " ".join(standard),
    }


def studio_signature(*, secret: str, stamp: str, body: bytes) -> str:
    """Return the hex HMAC-SHA256 of `{stamp}.{body}` under the secret's text, prefix included."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def standard_signature(*, secret: str, event_id: str, stamp: str, body: bytes) -> str:
    """Return `v1,` and the base64 HMAC-SHA256 of `{event_id}.{stamp}.{body}` under the secret's bytes."""
    signed = f"{event_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_standard_key(secret), signed, hashlib.sha256).digest()).decode()


def verify(
    *,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
    tolerance: timedelta = TOLERANCE,
) -> None:
    """Accept a call signed in our own way with any of `secrets`; header names are found in any case.

    Compares in constant time and against every secret. Raises BadSignature.
    """
    found = {name.lower(): value for name, value in headers.items()}
    stamp = _fresh_stamp(found.get(TIMESTAMP.lower(), ""), at=at, tolerance=tolerance)
    expected = [studio_signature(secret=one, stamp=stamp, body=body) for one in secrets]
    _match_any(expected, [found.get(SIGNATURE.lower(), "")])


def verify_standard(
    *,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
    tolerance: timedelta = TOLERANCE,
) -> None:
    """Accept a call signed the Standard Webhooks way with any of `secrets`. Raises BadSignature, BadSecret."""
    found = {name.lower(): value for name, value in headers.items()}
    stamp = _fresh_stamp(found.get(STANDARD_TIMESTAMP, ""), at=at, tolerance=tolerance)
    event_id = found.get(STANDARD_ID, "")
    expected = [standard_signature(secret=one, event_id=event_id, stamp=stamp, body=body) for one in secrets]
    _match_any(expected, found.get(STANDARD_SIGNATURE, "").split())


def _fresh_stamp(stamp: str, *, at: datetime, tolerance: timedelta) -> str:
    # Twelve digits reach the year 33658; more would only be asked to overflow something.
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise BadSignature("The timestamp is missing or is no whole number of seconds")
    if abs(at.timestamp() - int(stamp)) > tolerance.total_seconds():
        raise BadSignature("The timestamp is too far from now")
    return stamp


def _match_any(expected: Sequence[str], given: Sequence[str]) -> None:
    # A sum, not any(): every pair is compared, so time tells nothing about which one matched.
    pairs = ((one.encode(), other.encode(errors="replace")) for one in expected for other in given)
    if not sum(hmac.compare_digest(one, other) for one, other in pairs):
        raise BadSignature("No known secret makes this signature")


def _standard_key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise BadSecret(f"A signing secret begins with {PREFIX}")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise BadSecret(f"What follows {PREFIX} is not base64") from error
