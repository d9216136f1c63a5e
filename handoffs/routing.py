"""Socket routes of handing over."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from django.urls import path

from handoffs.consumers.inbox import InboxConsumer

_inbox: Any = AuthMiddlewareStack(InboxConsumer.as_asgi())
websocket_urlpatterns = [path("ws/inbox", _inbox)]
