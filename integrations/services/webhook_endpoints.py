"""Endpoints: their signing secret and its rotation."""

from datetime import datetime, timedelta

from integrations.domain.signing import check_secret, new_secret
from integrations.models import Sealed, WebhookEndpoint

OVERLAP = timedelta(hours=24)


def rotate_secret(
    *, endpoint: WebhookEndpoint, at: datetime, secret: str | None = None, overlap: timedelta = OVERLAP
) -> str:
    """Sign with a new secret from now on; the old one stays valid for `overlap`. Returns the new one.

    The only moment it can be read. Raises BadSecret for a given secret that is none.
    """
    chosen = check_secret(secret or new_secret())
    endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, at + overlap
    endpoint.secret = Sealed.of(chosen)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
    return chosen
