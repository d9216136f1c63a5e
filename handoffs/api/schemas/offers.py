"""Offers, snoozing and wrapping up at the Desk API, as described by OpenAPI."""

from rest_framework import serializers

from conversations.api.schemas.base import Descriptions, describe
from handoffs.api import offers, snooze
from handoffs.api.schemas.desk import read, write
from handoffs.api.schemas.desk_answers import ENVIRONMENTS, Owned, PresenceNow, QueueName


class PendingRow(serializers.Serializer[object]):
    """A conversation that wants something of this person."""

    conversation_id = serializers.UUIDField()
    name = serializers.CharField()
    channel = serializers.CharField()
    environment = serializers.ChoiceField(choices=ENVIRONMENTS)
    queue = QueueName()
    reason = serializers.CharField(allow_blank=True)
    reason_label = serializers.CharField(allow_blank=True)
    reason_urgent = serializers.BooleanField()


class OpenOffer(PendingRow):
    id = serializers.UUIDField()
    offered_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    weight = serializers.IntegerField()
    waiting_since = serializers.DateTimeField(allow_null=True)


class WrapUp(PendingRow):
    until = serializers.DateTimeField(allow_null=True)


class AgentDesk(serializers.Serializer[object]):
    """Whether this person takes work, how much they carry of how much, and what waits for them."""

    presence = PresenceNow()
    load = serializers.IntegerField()
    capacity = serializers.IntegerField()
    offers = OpenOffer(many=True)
    wrap_ups = WrapUp(many=True)


class OfferAnswered(serializers.Serializer[object]):
    id = serializers.UUIDField()
    state = serializers.CharField()


class SnoozeAnswer(serializers.Serializer[object]):
    """until: of a conversation that is snoozed."""

    conversation_id = serializers.UUIDField()
    state = serializers.CharField()
    until = serializers.DateTimeField(required=False)


OFFERS: Descriptions = {
    offers.AgentView: {"get": read("agent", "This person's presence, load, offers and wrap-ups", AgentDesk)},
    offers.AcceptOfferView: {"post": write("offer_accept", "Take an offered conversation", {200: Owned})},
    offers.DeclineOfferView: {"post": write("offer_decline", "Let it go to the next", {200: OfferAnswered})},
    snooze.SnoozeView: {"post": write("snooze", "Put it aside until a moment", {200: SnoozeAnswer}, snooze.SnoozeBody)},
    snooze.WakeView: {"post": write("wake", "Bring it back", {200: SnoozeAnswer})},
    snooze.WrapUpDoneView: {"post": write("wrap_up_done", "Be done with a closed one", {200: SnoozeAnswer})},
}


def describe_offers() -> None:
    describe(OFFERS)
