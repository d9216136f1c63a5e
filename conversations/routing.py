"""Socket routes of the ground."""

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import path

from conversations.consumers.customer import CustomerConsumer


def socket_path(route: str, consumer: type[AsyncWebsocketConsumer]) -> Any:
    """Route a consumer. Django's `path` is typed for views only."""
    application: Any = consumer.as_asgi()
    return path(route, application)


websocket_urlpatterns = [socket_path("ws", CustomerConsumer)]
