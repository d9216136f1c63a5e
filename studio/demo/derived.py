"""The demo's secrets, made again from the installation's key whenever they are asked for: none of them is kept."""

import base64

from django.utils.crypto import salted_hmac

from conversations.models import Project

SALT = "studio.demo"
PASSWORD_GROUPS, GROUP_LENGTH = 4, 4  # of base32 characters: 80 bits


def derive_secret(project: Project, purpose: str) -> str:
    """256 bits as base64url, the same for the same project, purpose and SECRET_KEY."""
    return base64.urlsafe_b64encode(_bits(project, purpose)).rstrip(b"=").decode()


def derive_password(project: Project) -> str:
    """The one password of everybody in the demo, as `fern-k2tq-7mzd-xa4c-e3vn`: easy to type, not to guess."""
    letters = base64.b32encode(_bits(project, "password")).decode().lower()
    groups = (letters[start : start + GROUP_LENGTH] for start in range(0, PASSWORD_GROUPS * GROUP_LENGTH, GROUP_LENGTH))
    return "-".join(("fern", *groups))


def _bits(project: Project, purpose: str) -> bytes:
    return salted_hmac(SALT, f"{project.pk}:{purpose}", algorithm="sha256").digest()
