"""HTTP routes of other people's systems: what the console shows of them."""

from django.urls import include, path

urlpatterns = [
    path("integrations/", include("integrations.views.integrations")),
    path("webhooks/", include("integrations.views.webhooks")),
]
