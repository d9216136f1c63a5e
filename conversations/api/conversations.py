"""Conversations API: `GET /v3|v4/{account_id}/{project_id}/conversations[/{id}[/audio]]`.

A key with the scope `conversations` reads what was said, personal data included: whoever may make one decides that.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from conversations.api.conversation_bodies import CHANNEL_NAMES, conversation_v3, conversation_v4
from conversations.api.envelopes import ALWAYS, full_errors
from conversations.api.platform import PlatformRefusal, PlatformView
from conversations.api.schemas.conversations import ConversationV3, ConversationV4, PageV3, PageV4
from conversations.domain.permissions import ApiScope
from conversations.domain.turns import SPOKEN
from conversations.domain.vocabulary import Channel, TurnMark, Verdict
from conversations.selectors.conversations import (
    FILTERS,
    SPOKEN_BY,
    Listed,
    Page,
    Told,
    TooManyToSample,
    list_conversations,
    read_conversation,
)
from conversations.selectors.cursors import BadCursor

Tell = Callable[..., dict[str, Any]]

LONGEST_PAGE = 1000
LARGEST = 2_147_483_647
MARKS = [item.value for item in (*Verdict, *TurnMark)]
SORTS = frozenset({"sort", "sort_by", "order", "order_by"})
# Besides the published names: the words of the description (`voice`, `chat`), and our own.
CHANNELS: Mapping[str, Channel] = {
    **{name.lower(): channel for channel, name in CHANNEL_NAMES.items()},
    **{channel.value: channel for channel in Channel},
    "voice": Channel.PHONE,
}


class Wanted(serializers.Serializer[object]):
    """The published filters, and ours: handoff, reason, destination, disposition, annotation, shared_id."""

    client_env = serializers.ChoiceField(
        choices=["sandbox", "pre-release", "live"], required=False, help_text="The key's own environment"
    )
    start_time = serializers.DateTimeField(required=False, help_text="Started then or later")
    end_time = serializers.DateTimeField(required=False, help_text="Started before then")
    channel = serializers.ListField(
        child=serializers.CharField(), required=False, help_text=f"Repeatable: {', '.join(CHANNEL_NAMES.values())}"
    )
    variant_id = serializers.CharField(required=False, max_length=200)
    variant_name = serializers.CharField(required=False, max_length=200, help_text="Matches none: variants are unnamed")
    in_progress = serializers.BooleanField(required=False, allow_null=True, default=None)
    limit = serializers.IntegerField(default=LONGEST_PAGE, min_value=1, max_value=LONGEST_PAGE)
    offset = serializers.IntegerField(default=0, min_value=0, max_value=LARGEST)
    cursor = serializers.CharField(required=False, max_length=200, help_text="Wins over `offset`")
    include_latency = serializers.BooleanField(default=False)
    query_type = serializers.ChoiceField(
        choices=["transcript", "semantic"], required=False, help_text="`semantic` is not offered"
    )
    query = serializers.CharField(required=False, max_length=500)
    turn_type = serializers.ChoiceField(choices=sorted(SPOKEN_BY), required=False)
    sample = serializers.ChoiceField(choices=["random"], required=False)
    handoff = serializers.BooleanField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, max_length=60)
    destination = serializers.CharField(required=False, max_length=120, help_text="Key or name")
    disposition = serializers.CharField(required=False, max_length=60, help_text="The current outcome's code")
    annotation = serializers.ChoiceField(choices=MARKS, required=False)
    shared_id = serializers.CharField(required=False, max_length=200)

    def validate_channel(self, names: list[str]) -> list[str]:
        unknown = [name for name in names if name.lower() not in CHANNELS]
        if unknown:
            raise ValidationError(f"{unknown[0]!r} is none of {', '.join(CHANNEL_NAMES.values())}")
        return [CHANNELS[name.lower()].value for name in names]

    def validate(self, wanted: dict[str, Any]) -> dict[str, Any]:
        for is_wrong, words in CONFLICTS:
            if is_wrong(wanted):
                raise ValidationError(words)
        return wanted


def _lacks_time(wanted: Mapping[str, Any]) -> bool:
    is_searching = wanted.keys() & {"query_type", "sample"}
    return bool(is_searching) and not {"start_time", "end_time"} <= wanted.keys()


CONFLICTS: tuple[tuple[Callable[[Mapping[str, Any]], Any], str], ...] = (
    (lambda w: {"variant_id", "variant_name"} <= w.keys(), "Give variant_id or variant_name, not both"),
    (lambda w: {"query_type", "sample"} <= w.keys(), "Give query_type or sample, not both"),
    (lambda w: w.get("query_type") == "semantic", "Semantic search is not offered; use query_type=transcript"),
    (lambda w: "query_type" in w and "query" not in w, "query: query_type needs a text to search for"),
    (lambda w: "query" in w and "query_type" not in w, "query_type: say how to search for the query"),
    (lambda w: "turn_type" in w and "query_type" not in w, "turn_type goes with query_type=transcript"),
    (_lacks_time, "query_type and sample need start_time and end_time"),
    (lambda w: "sample" in w and ("cursor" in w or w["offset"]), "A random sample has one page"),
    (lambda w: "query" in w and w["offset"] and "cursor" not in w, "offset: a search goes on by its cursor"),
    (lambda w: {"start_time", "end_time"} <= w.keys() and w["start_time"] > w["end_time"], "end_time is too early"),
)  # fmt: skip


class ConversationsPlatformView(PlatformView):
    """A call of the Conversations API. tell: how one conversation is told; latencies only where they are asked for."""

    scope: ClassVar[ApiScope] = ApiScope.CONVERSATIONS
    invalid: ClassVar[str] = "CONVERSATIONS_VALIDATION_FAILED"
    tell: ClassVar[Tell] = staticmethod(conversation_v3)

    def answer(self, body: Mapping[str, Any]) -> HttpResponse:
        """The hot read: encoded in one go."""
        return HttpResponse(orjson.dumps(body), content_type="application/json")


class ConversationsView(ConversationsPlatformView):
    """List conversations, the newest first."""

    @extend_schema(
        operation_id="conversations_list_v3",
        tags=["Conversations"],
        parameters=[Wanted],
        responses={200: PageV3, **full_errors(*ALWAYS)},
    )
    def get(self, request: Request, **path: Any) -> HttpResponse:
        wanted = self._wanted(request)
        page = _page(wanted)
        try:
            listed = list_conversations(
                project=self.project, environment=self.environment, filters=_filters(wanted), page=page
            )
        except BadCursor as error:
            raise ValidationError({"cursor": ["This is no cursor of ours: begin again without one"]}) from error
        except TooManyToSample as error:
            raise ValidationError(str(error)) from error
        return self.answer(self._body(listed, page, has_latency=wanted["include_latency"], now=timezone.now()))

    def _wanted(self, request: Request) -> dict[str, Any]:
        """Read the query. What is not known is refused: a misspelt filter would widen the answer."""
        for name in request.query_params.keys() - Wanted().fields.keys():
            if name in SORTS:
                text = f"{name}: conversations come newest first, in no other order"
                raise PlatformRefusal(400, "GET_CONVERSATIONS_INVALID_SORT_PARAMETER", text)
            raise PlatformRefusal(400, "GET_CONVERSATIONS_FILTER_PARSE_ERROR", f"There is no filter {name[:100]!r}")
        asked = Wanted(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        if wanted.get("client_env", self.environment) != self.environment:
            raise PlatformRefusal(403, "FORBIDDEN", f"This key opens the environment {self.environment} only")
        return wanted

    def _body(self, listed: Listed, page: Page, *, has_latency: bool, now: datetime) -> dict[str, Any]:
        shown = [type(self).tell(told, self.project, now=now, has_latency=has_latency) for told in listed.conversations]
        if listed.next is None:
            return {"conversations": shown, "cursor": None}
        following = {} if page.after or page.is_search else {"next_offset": page.offset + page.limit}
        return {"conversations": shown, **following, "cursor": listed.next}


class ConversationView(ConversationsPlatformView):
    """Read one conversation."""

    @extend_schema(
        operation_id="conversations_get_v3",
        tags=["Conversations"],
        responses={200: ConversationV3, **full_errors(*ALWAYS)},
    )
    def get(self, request: Request, conversation_id: str, **path: Any) -> HttpResponse:
        told = find_told(self, conversation_id)
        return self.answer(type(self).tell(told, self.project, now=timezone.now(), has_latency=True))


@extend_schema_view(
    get=extend_schema(operation_id="conversations_list_v4", responses={200: PageV4, **full_errors(*ALWAYS)})
)
class ConversationsViewV4(ConversationsView):
    """As v3, with the current handoff as an object."""

    tell: ClassVar[Tell] = staticmethod(conversation_v4)


@extend_schema_view(
    get=extend_schema(operation_id="conversations_get_v4", responses={200: ConversationV4, **full_errors(*ALWAYS)})
)
class ConversationViewV4(ConversationView):
    """As v3, with the current handoff as an object."""

    tell: ClassVar[Tell] = staticmethod(conversation_v4)


class RecordingView(ConversationsPlatformView):
    """The published address of a recording. None is kept here, and it says so."""

    @extend_schema(
        operation_id="conversations_audio_v3",
        tags=["Conversations"],
        responses={200: OpenApiTypes.BINARY, **full_errors(*ALWAYS)},
    )
    def get(self, request: Request, conversation_id: str, **path: Any) -> HttpResponse:
        find_told(self, conversation_id)
        raise PlatformRefusal(404, "CONVERSATIONS_RECORDING_NOT_FOUND", "No recordings are kept")


def find_told(view: ConversationsPlatformView, conversation_id: str) -> Told:
    """Return what is told of one conversation. Raises PlatformRefusal."""
    told = read_conversation(project=view.project, environment=view.environment, conversation_id=conversation_id)
    if told is None:
        raise PlatformRefusal(404, "CONVERSATIONS_NOT_FOUND", "There is no such conversation")
    return told


def _page(wanted: Mapping[str, Any]) -> Page:
    return Page(
        wanted["limit"], wanted["offset"], wanted.get("cursor", ""),
        is_sample="sample" in wanted, is_search="query" in wanted,
    )  # fmt: skip


def _filters(wanted: Mapping[str, Any]) -> dict[str, Any]:
    filters = {name: wanted[name] for name in FILTERS if wanted.get(name) is not None}
    if "query" in wanted:
        filters["said"] = (wanted["query"], SPOKEN_BY.get(wanted.get("turn_type", ""), SPOKEN))
    return filters
