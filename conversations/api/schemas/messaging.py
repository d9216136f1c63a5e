"""The Messaging API over HTTP, as described by OpenAPI; the socket is described by AsyncAPI."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from conversations.api.messaging import AccessTokenView, SessionOptions, SessionsView
from conversations.api.schemas.base import ACCESS_TOKEN, Descriptions, Refused, describe


class AccessToken(serializers.Serializer[object]):
    """A bearer token for sessions of this connector."""

    access_token = serializers.CharField(help_text="A JWT")
    expires_in = serializers.IntegerField(help_text="Seconds")
    token_type = serializers.ChoiceField(choices=["Bearer"])


class Session(serializers.Serializer[object]):
    """An open session; `wss://…/ws?session_id=…&access_token=…` is its socket."""

    session_id = serializers.UUIDField()


def refused(*statuses: int) -> dict[int, OpenApiResponse]:
    """Refusals as `{"error", "detail"}`."""
    return {status: OpenApiResponse(Refused, description=WORDS[status]) for status in statuses}


WORDS = {
    400: "A header is missing, or the body cannot be read; `detail` has the published text",
    401: "The token is missing, unknown, expired or for another host",
    404: "There is no such session",
    405: "No such method here",
    411: "The body comes without a Content-Length",
    413: "The body is too large",
    409: "Nobody waits in this session",
    429: "Too many calls; `Retry-After` says when to come again",
    500: "It failed here",
}


def _header(name: str, text: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=text)


IN_THE_WEB = OpenApiExample(
    "A web page", value={"platform": "web", "streaming_enabled": True}, request_only=True
)  # fmt: skip

OPEN: Descriptions = {
    AccessTokenView: {
        "post": extend_schema(
            operation_id="access_token_create",
            summary="Exchange a connector's token for an access token",
            tags=["Messaging"],
            parameters=[
                _header("X-Token", "The connector's token"),
                _header("X-Host", "The page's host, one of the connector's"),
            ],
            request=None,
            responses={200: AccessToken, **refused(401, 405, 411, 413, 429, 500)},
        )
    },
}
OF_A_SESSION: Descriptions = {
    SessionsView: {
        "post": extend_schema(
            operation_id="session_create",
            summary="Open a session",
            tags=["Messaging"],
            request=SessionOptions,
            responses={200: Session, **refused(400, 401, 405, 411, 413, 429, 500)},
            examples=[IN_THE_WEB],
        )
    },
}


def describe_messaging() -> None:
    describe(OPEN)
    describe(OF_A_SESSION, takes=ACCESS_TOKEN)
