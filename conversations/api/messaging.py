"""Messaging API over HTTP: access token and session; the socket is `conversations.consumers.customer`.

Paths, headers, bodies and error texts as published by the Messaging API.
"""

import orjson
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.api.errors import refusal
from conversations.models import Connector
from conversations.services.access_tokens import (
    LIFETIME,
    TokenInvalid,
    TokenRefused,
    issue_access_token,
    read_access_token,
)
from conversations.services.sessions import open_session

PLATFORMS = ("web", "ios", "android", "ios-web", "android-web", "custom")


class SessionOptions(serializers.Serializer[dict[str, object]]):
    """What a client may ask for when it opens a session."""

    streaming_enabled = serializers.BooleanField(default=False)
    platform = serializers.ChoiceField(choices=PLATFORMS, default="web")
    device_type = serializers.CharField(required=False, max_length=60)
    metadata = serializers.DictField(required=False)

    def validate_metadata(self, metadata: dict[str, object]) -> dict[str, object]:
        """Refuse text that PostgreSQL's jsonb cannot hold: NUL, and halves of characters."""
        try:
            kept = orjson.dumps(metadata)
        except orjson.JSONEncodeError as error:
            raise serializers.ValidationError(str(error)) from error
        if b"\\u0000" in kept.replace(b"\\\\", b""):
            raise serializers.ValidationError("NUL is no text")
        return metadata


class OpenAPIView(APIView):
    """Open to anybody: the token in the request is the credential."""

    authentication_classes = ()
    permission_classes = ()


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
        if connector is None:
            return refusal("unauthorized", "Invalid access token", status.HTTP_401_UNAUTHORIZED)
        options = self._options(request)
        if options is None:
            return refusal("bad_request", "Error parsing request", status.HTTP_400_BAD_REQUEST)
        conversation = open_session(connector=connector, options=options)
        return Response({"session_id": str(conversation.id)})

    @staticmethod
    def _options(request: Request) -> dict[str, object] | None:
        """What the body asks for, the defaults for an empty one; None when it cannot be read."""
        try:
            options = SessionOptions(data=request.data)
        except (ParseError, UnsupportedMediaType):
            return None
        return dict(options.validated_data) if options.is_valid() else None


def connector_of(request: Request) -> Connector | None:
    """Return the connector whose access token the request bears; None when it bears none that is valid."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    try:
        claims = read_access_token(token)
    except TokenInvalid:
        return None
    return Connector.objects.filter(pk=claims["sub"], is_active=True, project__deleted_at__isnull=True).first()
