"""The Handoff API, as described by OpenAPI."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.chat import KEY_HEADER
from conversations.api.envelopes import ALWAYS, WITH_BODY, WORDS
from conversations.api.schemas.base import Descriptions, describe
from handoffs.api import handoffs
from handoffs.api.handoff_bodies import HandoffResultBody, ListQuery, StartBody, StateBody
from handoffs.api.handoff_state import show_handoff_state
from handoffs.domain.lifecycle import State

TAGS = ["Handoff"]
LIFECYCLE_STATES = [state.value for state in State]


class ShortError(serializers.Serializer[object]):
    """What every refusal of this API looks like."""

    error_message = serializers.CharField()


class HistoryEntry(serializers.Serializer[object]):
    """A state the handoff was in. state: as published, or a custom one; lifecycle_state: our own; note: what the
    customer's app said when it reported it."""

    state = serializers.CharField()
    lifecycle_state = serializers.ChoiceField(choices=LIFECYCLE_STATES)
    at = serializers.DateTimeField()
    note = serializers.CharField(required=False)


class HandoffFacts(serializers.Serializer[object]):
    """What every call tells of a handoff."""

    state = serializers.CharField(
        help_text="`handoff_initiated`, `handoff_completed`, `handoff_failed`, or a custom state that was set"
    )
    lifecycle_state = serializers.ChoiceField(choices=LIFECYCLE_STATES)
    cause = serializers.CharField(allow_blank=True, help_text="Why it is over; empty while it is not")
    trigger = serializers.CharField()
    reason = serializers.CharField()
    utterance = serializers.CharField(allow_blank=True)
    destination = serializers.CharField(allow_blank=True, help_text="The destination's key")
    queue = serializers.CharField(allow_blank=True, help_text="The queue's key")
    root_handoff_id = serializers.UUIDField(help_text="The first handoff of this chain")
    initiated_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    joined_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    history = HistoryEntry(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a class attribute: a serializer has a `data` of its own.
        free = serializers.DictField(help_text="What was kept with the handoff, free in form")
        return {**super().get_fields(), "data": free}


class HandoffState(HandoffFacts):
    """`id`, `shared_id` and `data` as published; everything else is an addition."""

    id = serializers.UUIDField(help_text="The conversation's")
    shared_id = serializers.CharField(allow_blank=True)
    handoff_id = serializers.UUIDField()
    matches = serializers.IntegerField(help_text="How many conversations share this shared_id")


class HandoffRow(HandoffFacts):
    """A handoff in a list."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    shared_id = serializers.CharField(allow_blank=True)


class HandoffPage(serializers.Serializer[object]):
    """Newest first. next: the cursor of the next page, null at the end."""

    results = HandoffRow(many=True)
    next = serializers.CharField(allow_null=True)


class ContextContract(serializers.Serializer[object]):
    """What whoever answers at the destination must receive of `data`, and how much of it was there."""

    missing = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(allow_null=True, help_text="From 0 to 1; null where nothing is required")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a class attribute: a field has a `required` of its own.
        return {"required": serializers.ListField(child=serializers.CharField()), **super().get_fields()}


class HandoffWhole(HandoffRow):
    """A handoff with what it was decided by. trace: every rule considered, with its operands."""

    channel = serializers.CharField()
    epoch = serializers.IntegerField(help_text="Of the conversation's ownership; reports may carry it")
    is_soft = serializers.BooleanField(help_text="The AI keeps answering until a human joins")
    attempt = serializers.IntegerField(help_text="Which try of its destination this is")
    release = serializers.IntegerField(allow_null=True, help_text="Null in the sandbox")
    evidence = serializers.DictField()
    explanation = serializers.ListField(
        child=serializers.CharField(), help_text="Why it fired, a sentence for each trigger, the one that acted first"
    )
    trace = serializers.DictField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a class attribute: a serializer's field is bound with a `context` of its own.
        return {**super().get_fields(), "context": ContextContract()}


class PlannedHeader(serializers.Serializer[object]):
    """A header of the request; place: where a REFER carries it."""

    name = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    place = serializers.CharField()


class Transfer(serializers.Serializer[object]):
    """A call's transfer as it is to be sent. With any of `problems` it must not be."""

    method = serializers.ChoiceField(choices=["REFER", "INVITE", "BYE"])
    request_uri = serializers.CharField(allow_blank=True, help_text="Of an INVITE")
    refer_to = serializers.CharField(allow_blank=True, help_text="Of a REFER, with the headers it carries, escaped")
    transport = serializers.CharField()
    media_profile = serializers.CharField(allow_null=True, help_text="Of an INVITE: RTP/SAVP or RTP/AVP")
    headers = PlannedHeader(many=True, help_text="In order")
    problems = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())


class HandoffStarted(serializers.Serializer[object]):
    """handoff: null when nobody is there now and the hours' policy leaves the customer to the AI; transfer: of a call
    (`channel: voice`)."""

    conversation_id = serializers.UUIDField()
    is_new_conversation = serializers.BooleanField()
    handoff = HandoffWhole(allow_null=True)
    transfer = Transfer(allow_null=True)


def short_errors(*statuses: int) -> dict[int, OpenApiResponse]:
    return {status: OpenApiResponse(ShortError, description=MEANINGS[status]) for status in sorted(statuses)}


MEANINGS = {**WORDS, 409: "It cannot be done in this state, or the Idempotency-Key was used for another request"}
STARTED = OpenApiExample(
    "An AI agent that lives elsewhere",
    value={
        "shared_id": "crm-4711",
        "channel": "whatsapp",
        "reason": "billing_dispute",
        "destination": "billing",
        "utterance": "I'm passing you to our billing team.",
        "data": {"order": "A-1007", "verified": True},
        "messages": [{"author": "customer", "text": "I was charged twice."}],
    },
    request_only=True,
)


class HandoffStateDescription(handoffs.HandoffApiView):
    """Stands for the asynchronous view, which is no class of Django REST framework's."""

    @extend_schema(
        operation_id="handoff_state_get",
        summary="The state kept with a handoff",
        description="At least one of `id` and `shared_id`; `shared_id` wins, and its newest handoff is told.",
        tags=TAGS,
        parameters=[
            OpenApiParameter("id", OpenApiTypes.STR, description="A conversation's or a handoff's id"),
            OpenApiParameter("shared_id", OpenApiTypes.STR, description="Your own id of the conversation"),
        ],
        responses={200: HandoffState, **short_errors(*ALWAYS)},
    )
    def get(self, request: Request, **path: Any) -> Response:
        raise NotImplementedError


def stand_for(view: Callable[..., Any], description: type[handoffs.HandoffApiView]) -> None:
    """Let the generator find the description where it looks for a view's class."""
    vars(view).update(cls=description, initkwargs={})


HANDOFFS: Descriptions = {
    handoffs.HandoffsView: {
        "get": extend_schema(
            operation_id="handoff_list",
            summary="The project's handoffs, newest first",
            tags=TAGS,
            parameters=[ListQuery],
            responses={200: HandoffPage, **short_errors(*ALWAYS)},
        ),
        "post": extend_schema(
            operation_id="handoff_start",
            summary="Hand a customer over",
            tags=TAGS,
            parameters=[KEY_HEADER],
            request=StartBody,
            responses={
                201: HandoffStarted,
                200: OpenApiResponse(HandoffStarted, description="Nobody is there now; the AI keeps the customer"),
                **short_errors(*WITH_BODY),
            },
            examples=[STARTED],
        ),
    },
    handoffs.HandoffView: {
        "get": extend_schema(
            operation_id="handoff_get",
            summary="One handoff, with its decision trace",
            tags=TAGS,
            responses={200: HandoffWhole, **short_errors(*ALWAYS)},
        )
    },
    handoffs.HandoffStateView: {
        "post": extend_schema(
            operation_id="handoff_state_set",
            summary="Let a state of your own stand instead of the published one",
            tags=TAGS,
            parameters=[KEY_HEADER],
            request=StateBody,
            responses={200: HandoffRow, **short_errors(*WITH_BODY)},
        )
    },
    handoffs.ClientResultView: {
        "post": extend_schema(
            operation_id="handoff_client_result",
            summary="Say what became of a handoff that was the client's to do",
            tags=TAGS,
            parameters=[KEY_HEADER],
            request=HandoffResultBody,
            responses={200: HandoffRow, **short_errors(*WITH_BODY)},
        )
    },
}


def describe_handoffs() -> None:
    stand_for(show_handoff_state, HandoffStateDescription)
    describe(HANDOFFS)
