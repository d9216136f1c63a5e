"""The check of a web address that somebody types for us to call."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from integrations.domain.addresses import parse_address, refusal
from integrations.domain.targets import TargetRefused, parse_target


def check_callable(url: str) -> str:
    """Return the URL unchanged. Names are not resolved here: a test call tells whether they lead to a permitted
    address. Raises ValidationError."""
    try:
        target = parse_target(url)
    except TargetRefused as refused:
        raise ValidationError(str(refused)) from refused
    address = parse_address(target.host)
    why = refusal(address, allowed=settings.OUTGOING_ALLOWED_NETWORKS) if address else None
    if why:
        words = _("{host} is not a public address ({why}). OUTGOING_ALLOWED_NETWORKS names the private ones allowed")
        raise ValidationError(words.format(host=target.host, why=why))
    return url
