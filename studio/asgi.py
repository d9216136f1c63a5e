"""ASGI entry: HTTP by Django, sockets by Channels."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter

from conversations.routing import websocket_urlpatterns as customer_routes
from handoffs.routing import websocket_urlpatterns as inbox_routes
from handoffs.urls import hot_patterns
from studio.direct import DirectHandler

http = DirectHandler(hot_patterns)
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter([*customer_routes, *inbox_routes])})
