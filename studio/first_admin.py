"""The first person of an installation without a demo: made once, by whoever read the link at the start.

The link's secret follows from the secret key, so every process knows it and no file has to travel; it is worth
something only while nobody has a log-in.
"""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from conversations.models import Account, User
from conversations.services.audit import record_audit
from studio.embedded.addresses import write_private
from studio.mail import link_to

LINK_FILE = "welcome.url"
LOCK = 0x5E71D10  # of PostgreSQL's advisory locks, for this one moment


class NotTheFirst(Exception):
    """Somebody has a log-in already: ask them for an invitation."""


class WrongSecret(Exception):
    """The link is not the one this installation printed."""


def is_untouched() -> bool:
    return not User.objects.exists()


def check_secret(text: str) -> None:
    """Raises NotTheFirst, WrongSecret."""
    if not is_untouched():
        raise NotTheFirst
    if not secrets.compare_digest(text.encode(), _secret().encode()):
        raise WrongSecret


def create_first_admin(*, secret: str, account: str, full_name: str, email: str, password: str) -> User:
    """Make the organisation and its first person, who may do everything. Raises NotTheFirst, WrongSecret."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        check_secret(secret)
        if not Account.objects.exists():
            Account.objects.create(name=account)
        user = User.objects.create_superuser(email, password, full_name=full_name)
        after = {"email": user.email, "is_superuser": True}
        record_audit(project=None, user=user, action="person.first_admin", subject=str(user), after=after)
    return user


def keep_welcome_link() -> str:
    """Write the link where `up` reads it while nobody has a log-in, remove it afterwards; return it, or nothing."""
    if not is_untouched() or not settings.SECRET_KEY_IS_KEPT:
        link_file().unlink(missing_ok=True)
        return ""
    link = link_to("welcome", secret=_secret())
    write_private(link_file(), link + "\n")
    return link


def read_welcome_link() -> str:
    """The link as last written; nothing without one."""
    try:
        return link_file().read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def link_file() -> Path:
    return Path(settings.VAR_DIR) / LINK_FILE


def _secret() -> str:
    return salted_hmac("studio.first_admin", "welcome", algorithm="sha256").hexdigest()
