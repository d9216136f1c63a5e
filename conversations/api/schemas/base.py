"""What every description shares: who may call, and that views are described beside them and not in them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.views import APIView

from conversations.api.authentication import PEOPLE
from conversations.api.platform import PlatformView

API_KEY, PERSONAL_TOKEN, COOKIE, ACCESS_TOKEN = "ApiKey", "PersonalToken", "SessionCookie", "AccessToken"
SECURITY_SCHEMES: Mapping[str, Mapping[str, str]] = {
    API_KEY: {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A key of the project"},
    PERSONAL_TOKEN: {"type": "http", "scheme": "bearer", "description": "A person's token"},
    COOKIE: {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The console's own log-in"},
    ACCESS_TOKEN: {"type": "http", "scheme": "bearer", "description": "Of the Messaging API"},
}


class Refused(serializers.Serializer[object]):
    """A refusal of our own interfaces. error: a code for programs; detail: a sentence."""

    error = serializers.CharField()
    detail = serializers.CharField()


class FieldsRefused(serializers.Serializer[object]):
    """What is wrong with which field of the body or the query."""

    def get_fields(self) -> dict[str, Any]:
        # Not a class attribute: a serializer has `errors` of its own.
        return {"errors": serializers.DictField()}


# Views and, by method, what `extend_schema` gave for them.
Descriptions = Mapping[type[APIView], Mapping[str, Any]]
_taken: dict[type[APIView], str] = {}


class InterfaceSchema(AutoSchema):
    """Says of a view which proof it takes."""

    def get_auth(self) -> list[dict[str, Any]]:
        if isinstance(self.view, PlatformView):
            return [{API_KEY: []}]
        if tuple(self.view.authentication_classes) == PEOPLE:
            return [{PERSONAL_TOKEN: []}, {COOKIE: []}]
        return [{name: []} for name in filter(None, [_taken.get(type(self.view))])]


def describe(descriptions: Descriptions, *, takes: str = "") -> None:
    """Put descriptions on their views. takes: the proof, of views that check it themselves."""
    for view, methods in descriptions.items():
        extend_schema_view(**methods)(view)
        _taken[view] = takes
