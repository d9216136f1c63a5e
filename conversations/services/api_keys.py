"""API keys and personal tokens: 256 random bits, shown once, kept as SHA-256."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import ApiKey, Project, User

LAST_USED_EVERY = timedelta(minutes=1)
PREFIX_LENGTH = 10


def create_project_key(
    *, project: Project, environment: Environment, name: str, scopes: Sequence[ApiScope], secret: str = ""
) -> tuple[ApiKey, str]:
    """Return the key and its text, which is not kept. `secret`: 256 bits the caller can make again, as base64url."""
    text = f"hs_{secret or secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        project=project, environment=environment, name=name, scopes=[scope.value for scope in scopes], **_kept(text)
    )
    return key, text


def create_personal_token(*, user: User, name: str, secret: str = "") -> tuple[ApiKey, str]:
    """Return the token of a person and its text, which is not kept. `secret` as for a project's key."""
    text = f"hp_{secret or secrets.token_urlsafe(32)}"
    return ApiKey.objects.create(user=user, name=name, **_kept(text)), text


def find_api_key(text: str, *, at: datetime) -> ApiKey | None:
    """Return the valid key with this text. `last_used_at` is written at most once a minute."""
    key = (
        ApiKey.objects.select_related("user", "project")
        .filter(digest=_digest(text), revoked_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))
        .first()
    )
    if key is None or (key.user is not None and not key.user.is_active):
        return None
    if key.last_used_at is None or at - key.last_used_at > LAST_USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def _kept(text: str) -> dict[str, str]:
    return {"prefix": text[:PREFIX_LENGTH], "digest": _digest(text)}


def _digest(text: str) -> str:
    # The bits are random and 256: a slow hash would add nothing but time.
    return hashlib.sha256(text.encode()).hexdigest()
