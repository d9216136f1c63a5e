"""`/demo/`: the shop of the demo workspace, a page like any other that hosts the widget with one script tag."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from conversations.domain.vocabulary import Channel, Environment
from conversations.models import Connector

COLOURS = (("moss", "Moss"), ("sand", "Sand"), ("night", "Night"))
SIZES = (("128", "128 GB"), ("256", "256 GB"))


def demo_connector() -> Connector | None:
    """The live web connector of the demo workspace; None when there is no such workspace any more."""
    return (
        Connector.objects.filter(
            project__is_demo=True,
            project__deleted_at__isnull=True,
            environment=Environment.LIVE,
            channel=Channel.WEB_CHAT,
            is_active=True,
        )
        .order_by("created_at")
        .first()
    )


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show the shop with its chat, or say why there is none (404)."""
    connector = demo_connector()
    if connector is None:
        return render(request, "demo/absent.html", status=404)
    context = {"connector_token": connector.token, "colours": COLOURS, "sizes": SIZES}
    return render(request, "demo/shop.html", context)


urlpatterns = [path("demo/", demo, name="demo")]
