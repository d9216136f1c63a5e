"""Who calls our own APIs: a person with a personal token, or with the session cookie of the console."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from conversations.models import ApiKey, User
from conversations.services.api_keys import find_api_key

SCHEME = "Bearer"


class PersonalToken(BaseAuthentication):
    """`Authorization: Bearer hp_…`; the request acts with its owner's permissions. A project's key is refused."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        key = find_api_key(text.strip(), at=timezone.now())
        if key is None or key.user is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked")
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class SessionCookie(SessionAuthentication):
    """The console's own log-in; unsafe methods need the CSRF token."""


PEOPLE = (PersonalToken, SessionCookie)
