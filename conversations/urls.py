"""HTTP routes of the ground."""

from django.urls import path

from conversations.api.chat import RespondView
from conversations.api.messaging import AccessTokenView, SessionsView
from conversations.views import reviews

urlpatterns = [
    path("api/v1/access-token", AccessTokenView.as_view(), name="access-token"),
    path("api/v1/sessions", SessionsView.as_view(), name="sessions"),
    path("v1/<str:account_id>/<str:project_id>/chat/respond", RespondView.as_view(), name="chat-respond"),
    path("review/", reviews.list_reviews, name="review"),
    path("review/<uuid:conversation_id>/", reviews.show_review, name="review-conversation"),
    path("review/<uuid:conversation_id>/verdict/", reviews.save_verdict, name="review-verdict"),
    path("review/<uuid:conversation_id>/mark/", reviews.save_mark, name="review-mark"),
]
