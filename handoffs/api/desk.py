"""What every call of the Desk API shares: who asks, where, and how a refusal is answered."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from structlog.contextvars import bind_contextvars

from conversations.access import NotFound, access_conversation, access_project, permissions_in
from conversations.api.authentication import PEOPLE
from conversations.api.errors import refusal
from conversations.append import ConversationEnded, StaleEpoch
from conversations.domain.frames import timestamp_of
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Conversation, Project, User
from conversations.services.replies import ReplyRefused
from handoffs.domain.inbox import Viewer
from handoffs.selectors.inbox import BadCursor
from handoffs.selectors.owners import owner_name
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting
from handoffs.services.closing import UnknownDisposition
from handoffs.services.offer_answers import OfferGone
from handoffs.services.snooze import BadMoment
from handoffs.services.takeovers import CustomerUnreachable
from handoffs.services.transfers import TargetRefused

CONFLICT = status.HTTP_409_CONFLICT


class DeskView(APIView):
    """A call inside one project and environment. Raises 401, 403 and 404 before the call itself is looked at.

    needs: the permission the call takes.
    """

    authentication_classes = PEOPLE
    needs: ClassVar[Permission] = Permission.INBOX_REPLY
    project: Project
    conversation: Conversation

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.project = access_project(self.user, kwargs["project_id"], self.needs)
        environment = self.environment  # said wrongly, it is refused also where nothing depends on it
        if "conversation_id" in kwargs:
            self.conversation = access_conversation(
                self.user, kwargs["conversation_id"], self.needs, project=self.project
            )
            if self.conversation.environment != environment:
                raise NotFound("conversation")
            bind_contextvars(conversation_id=str(self.conversation.pk))

    @property
    def user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user

    @property
    def environment(self) -> str:
        """`?environment=live|sandbox`, live when nothing is said."""
        return self.query("environment", Environment, Environment.LIVE.value)

    def may(self, permission: Permission) -> bool:
        return permission in permissions_in(self.user, self.project)

    @property
    def viewer(self) -> Viewer:
        granted = permissions_in(self.user, self.project)
        return Viewer(str(self.user.pk), Permission.PII_VIEW not in granted, Permission.INBOX_REPLY in granted)

    def query(self, name: str, words: type[Environment] | Any, default: str) -> str:
        """Return one word of a closed set from the query. Raises ValidationError."""
        value = self.request.query_params.get(name, default)
        allowed = [word.value for word in words]
        if value not in allowed:
            raise serializers.ValidationError({name: [f"One of {', '.join(allowed)}"]})
        return value

    def body(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the validated body. Raises ValidationError."""
        read = form(data=self.request.data)
        read.is_valid(raise_exception=True)
        validated: dict[str, Any] = read.validated_data
        return validated

    def handle_exception(self, exc: Exception) -> Response:
        answer = REFUSALS.get(type(exc))
        return answer(self, exc) if answer else super().handle_exception(exc)

    def owner(self, kind: str, owner_id: str) -> dict[str, str]:
        return {"id": owner_id, "name": owner_name(project=self.project, kind=kind, owner_id=owner_id)}


def _already_claimed(view: DeskView, error: Any) -> Response:
    owner = view.owner(OwnerKind.HUMAN, error.owner_id)
    return refusal("already_claimed", str(error), CONFLICT, owner=owner, at=timestamp_of(error.at))


def _not_waiting(view: DeskView, error: Any) -> Response:
    return refusal("not_waiting", "Nobody waits in this conversation", CONFLICT, state=error.state)


def _stale_epoch(view: DeskView, error: Any, **more: Any) -> Response:
    owner = view.owner(error.owner_kind, error.owner_id)
    return refusal("stale_epoch", str(error), CONFLICT, owner=owner, at=timestamp_of(error.since), **more)


def _ended(view: DeskView, error: Any, **more: Any) -> Response:
    return refusal("ended", "The session is over", CONFLICT, at=timestamp_of(error.ended_at), **more)


def _reply_refused(view: DeskView, error: Any) -> Response:
    answer = {StaleEpoch: _stale_epoch, ConversationEnded: _ended}[type(error.because)]
    return answer(view, error.because, draft_id=str(error.draft.pk))


def _unknown_disposition(view: DeskView, error: Any) -> Response:
    return _field_error("code", f"One of {', '.join(error.allowed)}")


def _target_refused(view: DeskView, error: Any) -> Response:
    more = {"opens_at": timestamp_of(error.opens_at)} if error.opens_at else {}
    return refusal(error.code, str(error), CONFLICT, **more)


def _bad_cursor(view: DeskView, error: Any) -> Response:
    return _field_error("cursor", str(error))


def _field_error(field: str, text: str) -> Response:
    return Response({"errors": {field: [text]}}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)


def _no_capacity(view: DeskView, error: Any) -> Response:
    return refusal("no_capacity", str(error), CONFLICT, load=error.load, capacity=error.capacity)


def _customer_unreachable(view: DeskView, error: Any) -> Response:
    return refusal("customer_unreachable", str(error), CONFLICT)


def _offer_gone(view: DeskView, error: Any) -> Response:
    return refusal("gone", str(error), CONFLICT, state=error.state)


def _bad_moment(view: DeskView, error: Any) -> Response:
    return _field_error("until", str(error))


REFUSALS: Mapping[type[Exception], Callable[[DeskView, Any], Response]] = {
    AlreadyClaimed: _already_claimed,
    NotWaiting: _not_waiting,
    StaleEpoch: _stale_epoch,
    ConversationEnded: _ended,
    ReplyRefused: _reply_refused,
    UnknownDisposition: _unknown_disposition,
    BadCursor: _bad_cursor,
    TargetRefused: _target_refused,
    NoCapacity: _no_capacity,
    CustomerUnreachable: _customer_unreachable,
    OfferGone: _offer_gone,
    BadMoment: _bad_moment,
}
