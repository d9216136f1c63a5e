"""The six-field error body of the Chat, Conversations and Outcomes APIs, for their description."""

from collections.abc import Mapping

from drf_spectacular.utils import OpenApiResponse, extend_schema_field, inline_serializer
from rest_framework import serializers


@extend_schema_field({"type": "null"})
class Nothing(serializers.JSONField):
    """Is null."""


# Not a class: a serializer cannot have a field called `data`.
FullError = inline_serializer(
    name="FullError",
    fields={
        "success": serializers.BooleanField(help_text="Always false"),
        "error": serializers.CharField(help_text="What went wrong, and what to do"),
        "error_id": serializers.UUIDField(help_text="Of this one answer; name it when you ask about it"),
        "error_code": serializers.CharField(help_text="Which refusal it is, for a program"),
        "error_message": serializers.CharField(help_text="The same words as `error`"),
        "data": Nothing(help_text="Always null"),
    },
)
WORDS: Mapping[int, str] = {
    400: "Malformed, or it cannot be done",
    401: "The key or the token is missing, unknown, expired or revoked",
    403: "The key opens another project, or lacks the scope",
    404: "There is no such thing, or it is not this key's to see",
    405: "No such method here",
    409: "The Idempotency-Key was used for another request, or that request is still running",
    410: "The conversation has ended",
    411: "The body comes without a Content-Length",
    413: "The body is too large",
    415: "The body is not application/json",
    429: "Too many calls; `Retry-After` says when to come again",
    500: "It failed here",
}
ALWAYS = (400, 401, 403, 404, 405, 429, 500)
WITH_BODY = (*ALWAYS, 409, 411, 413, 415)


def full_errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The refusals of an operation, by status."""
    return {status: OpenApiResponse(FullError, description=WORDS[status]) for status in sorted(set(statuses))}
