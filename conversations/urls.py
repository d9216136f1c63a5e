"""HTTP routes of the ground."""

from django.urls import path

from conversations.api.messaging import AccessTokenView, SessionsView

urlpatterns = [
    path("api/v1/access-token", AccessTokenView.as_view(), name="access-token"),
    path("api/v1/sessions", SessionsView.as_view(), name="sessions"),
]
