"""ASGI entry, as `channels` documents it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.textbook.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from bench.textbook.consumers import RoomConsumer

application = ProtocolTypeRouter({"http": http, "websocket": URLRouter([path("ws", RoomConsumer.as_asgi())])})
