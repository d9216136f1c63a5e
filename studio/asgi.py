"""ASGI entry: HTTP by Django, sockets by Channels."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter

from conversations.routing import websocket_urlpatterns as customer_routes
from handoffs.routing import websocket_urlpatterns as inbox_routes

application = ProtocolTypeRouter({"http": http, "websocket": URLRouter([*customer_routes, *inbox_routes])})
