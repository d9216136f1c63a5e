"""Desk API: offers. The inbox socket tells of them; a desktop without one is told by `GET offers`."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.api.desk import DeskView
from handoffs.api.inbox import owned
from handoffs.domain.inbox import to_wire
from handoffs.selectors.agent_desk import read_agent_desk
from handoffs.selectors.offers import access_offer
from handoffs.services.offer_answers import accept_offer, decline_offer


class AgentView(DeskView):
    """`GET agent`: presence, load and capacity of this person, the offer open to them, and what they wrap up."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(to_wire(read_agent_desk(user=self.user, project=self.project, viewer=self.viewer)))


class AcceptOfferView(DeskView):
    """`POST offers/{id}/accept`: 409 `gone` once it is not open any more."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        offer = access_offer(self.user, kwargs["offer_id"], project=self.project)
        return Response(owned(self, accept_offer(offer_id=offer.pk, agent=self.user, at=timezone.now())))


class DeclineOfferView(DeskView):
    """`POST offers/{id}/decline`: it goes to the next; 409 `gone` once it is not open any more."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        offer = access_offer(self.user, kwargs["offer_id"], project=self.project)
        declined = decline_offer(offer_id=offer.pk, agent=self.user, at=timezone.now())
        return Response({"id": str(declined.pk), "state": declined.state})
