"""What a waiting customer may ask for: `POST /api/v1/sessions/{id}/handoff/cancel` with the session's token."""

import uuid

from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.errors import refusal
from conversations.api.messaging import OpenAPIView, access_session
from handoffs.services.closing import cancel_waiting


class CancelHandoffView(OpenAPIView):
    """The customer stops waiting and returns to the AI; 409 when nobody waits."""

    def post(self, request: Request, session_id: uuid.UUID) -> Response:
        session = access_session(request, session_id)
        if not cancel_waiting(conversation_id=session.pk, at=timezone.now()):
            return refusal("not_waiting", "Nobody is waiting in this session", status.HTTP_409_CONFLICT)
        return Response({"cancelled": True})
