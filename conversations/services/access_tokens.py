"""Access tokens of the Messaging API: a connector's token and host exchanged for a signed, expiring token."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from conversations.models import Connector

LIFETIME = timedelta(hours=24)
ALGORITHM = "HS256"
AUDIENCE = "messaging"


class TokenRefused(Exception):
    """No token is given. The text is the published one."""


class TokenInvalid(Exception):
    """Not a token of ours, or expired."""


def issue_access_token(*, token: str, host: str, at: datetime, origin: str = "") -> str:
    """Return a JWT for the connector, bound to the host. Raises TokenRefused with the published text.

    `host` is what the client says it is, `origin` what its browser says: both must be the connector's.
    """
    if not token or not host:
        raise TokenRefused("Missing authentication headers")
    connector = Connector.objects.filter(token=token, project__deleted_at__isnull=True).first()
    if connector is None:
        raise TokenRefused("Connector token does not exist")
    if not connector.hosts:
        raise TokenRefused("Connector missing host domain")
    named = [name for name in (host, origin) if name]
    if not connector.is_active or not all(is_host_allowed(name, connector.hosts) for name in named):
        raise TokenRefused("Failed to validate connector")
    Connector.objects.filter(pk=connector.pk).update(last_used_at=at)
    claims = {"sub": str(connector.id), "aud": AUDIENCE, "host": host, "iat": at, "exp": at + LIFETIME}
    return jwt.encode(claims, settings.SECRET_KEY, algorithm=ALGORITHM)


def read_access_token(token: str) -> dict[str, Any]:
    """Return the claims (`sub` = connector id). Raises TokenInvalid."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.SECRET_KEY,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "exp", "iat"]},
        )
    except jwt.InvalidTokenError as error:
        raise TokenInvalid(str(error)) from error
    return claims


def is_host_allowed(host: str, allowed: list[str]) -> bool:
    """Whether a host, or a page's origin, is one of the allowed hosts or below one. Ports do not count."""
    name = _host_name(host)
    return any(name == item.lower() or name.endswith(f".{item.lower()}") for item in allowed)


def _host_name(host: str) -> str:
    """The name in a host or an origin; empty for what is neither."""
    try:
        return urlsplit(host if "//" in host else f"//{host}").hostname or ""
    except ValueError:
        return ""
