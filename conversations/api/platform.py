"""What the published interfaces share: a project's API key in `x-api-key`, its scope, and their error bodies.

Paths begin with `/{version}/{account_id}/{project_id}/`; a key opens the one project and environment it was made for.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.access import NotFound, ScopeMissing, WrongProject, access_project_by_key
from conversations.domain.permissions import ApiScope
from conversations.models import ApiKey, Project
from conversations.services.api_keys import digest_of_key, find_api_key
from conversations.services.idempotency import AnotherBody, ClaimLost, StillRunning
from conversations.services.throttle import Allowance, TooManyTries, count_tries

Envelope = Callable[[int, str, str], dict[str, Any]]

API_KEY = "x-api-key"
NO_KEY = "The API key is missing, unknown, expired or revoked"


class PlatformRefusal(Exception):
    """An anticipated refusal. status: HTTP; error: its published name; text: what to do about it."""

    def __init__(self, status_code: int, error: str, text: str) -> None:
        super().__init__(text)
        self.status_code, self.error, self.text = status_code, error, text


def short_envelope(status_code: int, error: str, text: str) -> dict[str, Any]:
    """The Handoff API's body."""
    return {"error_message": text}


def full_envelope(status_code: int, error: str, text: str) -> dict[str, Any]:
    """The six fields of the Chat and Conversations APIs: as published, the words twice and the code as text."""
    return {
        "success": False,
        "error": text,
        "error_id": str(uuid.uuid4()),
        "error_code": error,
        "error_message": text,
        "data": None,
    }


def own_envelope(status_code: int, error: str, text: str) -> dict[str, Any]:
    """The body of interfaces that are nobody's but ours."""
    return {"error": error.lower(), "detail": text}


class PlatformView(APIView):
    """A call with a project's key. Answers 401, 403 and every other refusal in the interface's own envelope.

    scope: what the key must be allowed; envelope: how a refusal looks; invalid: the code of a malformed request.
    """

    authentication_classes = ()
    permission_classes = ()
    metadata_class = None
    scope: ClassVar[ApiScope]
    envelope: ClassVar[Envelope] = staticmethod(full_envelope)
    invalid: ClassVar[str] = "SCHEMA_VALIDATION_FAILED"
    key: ApiKey
    project: Project

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        text, at = request.headers.get(API_KEY, ""), timezone.now()
        count_tries(calls_of(text), at=at)
        key = find_api_key(text, at=at)
        if key is None or key.project is None:
            raise PlatformRefusal(401, "UNAUTHORIZED", NO_KEY)
        self.key = key
        self.project = access_project_by_key(
            key, account_id=kwargs["account_id"], project_id=kwargs["project_id"], scope=self.scope
        )

    @property
    def environment(self) -> str:
        """A key belongs to one environment, and what it reaches does."""
        return self.key.environment

    def handle_exception(self, exc: Exception) -> Response:
        refusal = read_refusal(exc, invalid=self.invalid)
        if refusal is None:
            return super().handle_exception(exc)
        body = type(self).envelope(refusal.status_code, refusal.error, refusal.text)
        return Response(body, status=refusal.status_code, headers=_headers(exc))


def calls_of(key: str) -> Mapping[str, Allowance]:
    """What may be called with a key: a minute's calls at once, and after that as many as come free. Counted before
    the key is looked up, under a part of its digest."""
    if not key or not settings.API_CALLS_PER_MINUTE:
        return {}
    free = settings.API_CALLS_PER_MINUTE
    return {f"key:{digest_of_key(key)[:32]}": Allowance(free, longest=1, recovers=60 / free)}


def read_refusal(error: Exception, *, invalid: str) -> PlatformRefusal | None:
    """Return an anticipated failure as a refusal; None for what nobody anticipated."""
    if isinstance(error, PlatformRefusal):
        return error
    if isinstance(error, NotFound):
        return PlatformRefusal(status.HTTP_404_NOT_FOUND, "NOT_FOUND", f"There is no such {error}")
    if isinstance(error, ScopeMissing | WrongProject):
        return PlatformRefusal(status.HTTP_403_FORBIDDEN, "FORBIDDEN", str(error))
    if isinstance(error, TooManyTries):
        return PlatformRefusal(429, "TOO_MANY_REQUESTS", f"Too many calls with this key; {error}")
    if isinstance(error, AnotherBody | StillRunning | ClaimLost):
        return PlatformRefusal(409, "IDEMPOTENCY_CONFLICT", str(error))
    if isinstance(error, exceptions.ValidationError):
        return PlatformRefusal(status.HTTP_400_BAD_REQUEST, invalid, _first_problem(error.detail))
    if isinstance(error, exceptions.APIException):
        return PlatformRefusal(error.status_code, error.default_code.upper(), str(error.detail))
    return None


def _first_problem(detail: Any, path: str = "") -> str:
    """One sentence of a tree of problems, with the field it is about."""
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        return _first_problem(inner, f"{path}.{name}" if path else str(name))
    if isinstance(detail, list):
        return _first_problem(detail[0], path)
    return f"{path}: {detail}" if path and path != "non_field_errors" else str(detail)


def _headers(error: Exception) -> dict[str, str]:
    wait = getattr(error, "wait", None) or getattr(error, "seconds", None)
    return {"Retry-After": str(max(1, round(wait)))} if wait else {}
