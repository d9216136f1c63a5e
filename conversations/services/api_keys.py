"""API keys and personal tokens: 256 random bits, shown once, kept as SHA-256; made and revoked with an audit entry."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import ApiKey, Project, User
from conversations.models.ids import new_id
from conversations.services.audit import record_audit
from conversations.services.people import record_in_projects

Facts = dict[str, Any]
LAST_USED_EVERY = timedelta(minutes=1)
OVERLAP = timedelta(hours=24)
PREFIX_LENGTH = 10
PROJECT_KEY, PERSONAL_TOKEN = "api_key", "personal_token"


class MadeAlready(Exception):
    """A form that was sent twice: the key exists, and its text was shown the first time."""


class NotRotated(Exception):
    """The key has ended, or was rotated before: there is nothing left to rotate."""


def create_project_key(
    *,
    project: Project,
    environment: Environment,
    name: str,
    scopes: Sequence[ApiScope],
    secret: str = "",
    user: User | None = None,
    expires_at: datetime | None = None,
    key_id: uuid.UUID | None = None,
) -> tuple[ApiKey, str]:
    """Return the key and its text, which is not kept. `secret`: 256 bits the caller can make again, as base64url;
    `user`: who makes it; `key_id`: of the form that asks for it. Raises MadeAlready."""
    key = ApiKey(
        pk=key_id or new_id(), project=project, environment=environment.value, name=name,
        scopes=[scope.value for scope in scopes], expires_at=expires_at,
    )  # fmt: skip
    return key, _make(key, f"hs_{secret or secrets.token_urlsafe(32)}", user)


def create_personal_token(
    *, user: User, name: str, secret: str = "", expires_at: datetime | None = None, key_id: uuid.UUID | None = None
) -> tuple[ApiKey, str]:
    """Return the token of a person and its text, which is not kept. The rest as for a project's key."""
    key = ApiKey(pk=key_id or new_id(), user=user, name=name, expires_at=expires_at)
    return key, _make(key, f"hp_{secret or secrets.token_urlsafe(32)}", user)


def rotate_api_key(*, key: ApiKey, user: User, at: datetime, overlap: timedelta = OVERLAP) -> tuple[ApiKey, str]:
    """Make a key that opens the same, and let the old one work for `overlap` more, or until it expires anyway; return
    the new one and its text, which is not kept. One that was to expire is followed by one that lives as long.

    Raises NotRotated.
    """
    with transaction.atomic():
        old = ApiKey.objects.select_for_update(no_key=True, of=("self",)).get(pk=key.pk)
        if not _works(old, at=at) or old.replacements.exists():
            raise NotRotated(str(key))
        before, lives = _facts(old), old.expires_at - old.created_at if old.expires_at else None
        new = ApiKey(
            project=old.project, user=old.user, environment=old.environment, name=old.name, scopes=old.scopes,
            replaces=old, expires_at=at + lives if lives else None,
        )  # fmt: skip
        text = _make(new, f"{'hp' if old.user_id else 'hs'}_{secrets.token_urlsafe(32)}", user)
        old.expires_at = min(filter(None, (old.expires_at, at + overlap)))
        old.save(update_fields=["expires_at"])
        _record(old, "rotated", user, before=before, after={**_facts(old), "replaced_by": new.prefix})
    return new, text


def revoke_api_key(*, key: ApiKey, user: User, at: datetime) -> bool:
    """End a project's key or a person's token at once; False when it had been revoked before."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)
        if ended:
            _record(key, "revoked", user, before=_facts(key))
    return bool(ended)


def find_api_key(text: str, *, at: datetime) -> ApiKey | None:
    """Return the valid key with this text. `last_used_at` is written at most once a minute."""
    key = (
        ApiKey.objects.select_related("user", "project")
        .filter(digest=digest_of_key(text), revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), project__deleted_at__isnull=True)
        .first()
    )
    if key is None or (key.user is not None and not key.user.is_active):
        return None
    if is_use_noted(key.last_used_at, at=at):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def lineage_of(key: ApiKey) -> uuid.UUID:
    """The id of the first of the keys this one was rotated from, one after the other; its own where there is none."""
    first, before = key.pk, key.replaces_id
    while before is not None:
        first, before = before, ApiKey.objects.values_list("replaces_id", flat=True).get(pk=before)
    return first


def is_use_noted(last_used_at: datetime | None, *, at: datetime) -> bool:
    """Whether a use at this instant is written: not of every call."""
    return last_used_at is None or at - last_used_at > LAST_USED_EVERY


def _works(key: ApiKey, *, at: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > at)


def _make(key: ApiKey, text: str, user: User | None) -> str:
    key.prefix, key.digest = text[:PREFIX_LENGTH], digest_of_key(text)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
            _record(key, "added", user, after=_facts(key))
    except IntegrityError as error:
        if "api_key_pkey" in str(error):
            raise MadeAlready(str(key.pk)) from error
        raise
    return text


def _record(
    key: ApiKey, verb: str, user: User | None, *, before: Facts | None = None, after: Facts | None = None
) -> None:
    if key.user is not None:  # a token reaches all its owner's projects: each has it in its audit
        record_in_projects(
            person=key.user, by=user, action=f"{PERSONAL_TOKEN}.{verb}", before=before, after=after
        )  # fmt: skip
    else:
        record_audit(
            project=key.project, user=user, action=f"{PROJECT_KEY}.{verb}", subject=str(key), before=before, after=after
        )  # fmt: skip


def _facts(key: ApiKey) -> Facts:
    """What may be known of it: never its digest."""
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    common = {"name": key.name, "prefix": key.prefix, "expires_at": expires_at}
    return common if key.user_id else {**common, "environment": key.environment, "scopes": key.scopes}


def digest_of_key(text: str) -> str:
    """What is kept of a key or token."""
    # The bits are random and 256: a slow hash would add nothing but time.
    return hashlib.sha256(text.encode()).hexdigest()
