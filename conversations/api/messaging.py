"""Messaging API over HTTP: access token and session; the socket is `conversations.consumers.customer`.

Paths, headers, bodies and error texts as published by the Messaging API.
"""

import uuid
from typing import Any

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from structlog.contextvars import bind_contextvars

from conversations.api.errors import refusal
from conversations.api.json_bodies import check_storable
from conversations.domain.correlation import CORRELATION_HEADER, read_correlation
from conversations.models import Connector, Conversation
from conversations.services.access_tokens import (
    LIFETIME,
    TokenInvalid,
    TokenRefused,
    is_host_allowed,
    issue_access_token,
    read_access_token,
)
from conversations.services.idleness import open_watched_session

PLATFORMS = ("web", "ios", "android", "ios-web", "android-web", "custom")


class InvalidAccessToken(APIException):
    status_code = status.HTTP_401_UNAUTHORIZED
    default_code, default_detail = "unauthorized", "Invalid access token"


class UnknownSession(APIException):
    status_code = status.HTTP_404_NOT_FOUND
    default_code, default_detail = "not_found", "session not found"


class SessionOptions(serializers.Serializer[dict[str, object]]):
    """What a client may ask for when it opens a session."""

    streaming_enabled = serializers.BooleanField(default=False)
    platform = serializers.ChoiceField(choices=PLATFORMS, default="web")
    device_type = serializers.CharField(required=False, max_length=60)
    metadata = serializers.DictField(required=False)

    def validate_metadata(self, metadata: dict[str, object]) -> dict[str, object]:
        check_storable(metadata)
        return metadata


class OpenAPIView(APIView):
    """Open to anybody: the token in the request is the credential. The caller's own id of the call is logged and
    answered with."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        bind_contextvars(correlation_id=self.correlation)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.correlation:
            answer[CORRELATION_HEADER] = self.correlation
        return answer

    @property
    def correlation(self) -> str:
        return read_correlation(self.request.headers.get(CORRELATION_HEADER))


class AccessTokenView(OpenAPIView):
    """`POST /api/v1/access-token` with `X-Token` and `X-Host`."""

    def post(self, request: Request) -> Response:
        try:
            token = issue_access_token(
                token=request.headers.get("X-Token", ""),
                host=request.headers.get("X-Host", ""),
                origin=request.headers.get("Origin", ""),
                at=timezone.now(),
            )
        except TokenRefused as refused:
            return refusal("unauthorized", str(refused), status.HTTP_401_UNAUTHORIZED)
        seconds = int(LIFETIME.total_seconds())
        return Response({"access_token": token, "expires_in": seconds, "token_type": "Bearer"})


class SessionsView(OpenAPIView):
    """`POST /api/v1/sessions` with `Authorization: Bearer …`."""

    def post(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return refusal("unauthorized", "Missing authentication headers", status.HTTP_401_UNAUTHORIZED)
        if scheme.lower() != "bearer" or not token:
            return refusal("bad_request", "Missing access token", status.HTTP_400_BAD_REQUEST)
        connector = connector_of(request)
        options = self._options(request)
        if options is None:
            return refusal("bad_request", "Error parsing request", status.HTTP_400_BAD_REQUEST)
        conversation = open_watched_session(connector=connector, options=options)
        return Response({"session_id": str(conversation.id)})

    @staticmethod
    def _options(request: Request) -> dict[str, object] | None:
        """What the body asks for, the defaults for an empty one; None when it cannot be read."""
        try:
            options = SessionOptions(data=request.data)
        except (ParseError, UnsupportedMediaType):
            return None
        return dict(options.validated_data) if options.is_valid() else None


def access_session(request: Request, session_id: uuid.UUID) -> Conversation:
    """Return a session of the connector whose access token the request bears.

    Raises InvalidAccessToken; UnknownSession also for one of another connector.
    """
    session = Conversation.objects.filter(pk=session_id, connector=connector_of(request)).first()
    if session is None:
        raise UnknownSession
    return session


def connector_of(request: Request) -> Connector:
    """Return the connector whose access token the request bears. Raises InvalidAccessToken.

    The host the token was given to, and the page that asks, must still be the connector's.
    """
    token = request.headers.get("Authorization", "").partition(" ")[2]
    try:
        claims = read_access_token(token)
    except TokenInvalid as invalid:
        raise InvalidAccessToken from invalid
    connector = Connector.objects.filter(pk=claims["sub"], is_active=True, project__deleted_at__isnull=True).first()
    named = [str(claims.get("host", "")), *filter(None, [request.headers.get("Origin")])]
    if connector is None or not all(is_host_allowed(name, connector.hosts) for name in named):
        raise InvalidAccessToken
    return connector
