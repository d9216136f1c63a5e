"""One error body for our own endpoints: `{"error": code, "detail": text}` or `{"errors": {field: [text]}}`."""

from typing import Any

from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from conversations.access import NotFound, NotPermitted

CODES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.ParseError: "malformed",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
}


def refusal(code: str, detail: str, status_code: int, **more: Any) -> Response:
    return Response({"error": code, "detail": detail, **more}, status=status_code)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's exception handler: every anticipated failure gets a body of ours."""
    if isinstance(error, NotFound):
        return refusal("not_found", f"There is no such {error}", status.HTTP_404_NOT_FOUND)
    if isinstance(error, NotPermitted):
        return refusal("not_permitted", str(error), status.HTTP_403_FORBIDDEN)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
        response.data = {"errors": response.data}
    elif isinstance(error, exceptions.APIException):
        response.data = {"error": CODES.get(type(error), error.default_code), "detail": str(error.detail)}
    return response
