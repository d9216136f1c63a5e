"""HTTP routes of the ground."""

from django.urls import path

from conversations.api.chat import RespondView
from conversations.api.conversations import (
    ConversationsView,
    ConversationsViewV4,
    ConversationView,
    ConversationViewV4,
    RecordingView,
)
from conversations.api.messaging import AccessTokenView, SessionsView
from conversations.api.outcomes import OutcomeView
from conversations.views import reviews

# Of a project's key: the path names its account and project.
OF_KEY = "<str:account_id>/<str:project_id>"

urlpatterns = [
    path("api/v1/access-token", AccessTokenView.as_view(), name="access-token"),
    path("api/v1/sessions", SessionsView.as_view(), name="sessions"),
    path(f"v1/{OF_KEY}/chat/respond", RespondView.as_view(), name="chat-respond"),
    path(f"v1/{OF_KEY}/outcomes/<path:shared_id>", OutcomeView.as_view(), name="outcome"),
    path(f"v3/{OF_KEY}/conversations", ConversationsView.as_view(), name="conversations"),
    path(f"v3/{OF_KEY}/conversations/<str:conversation_id>", ConversationView.as_view(), name="conversation"),
    path(
        f"v3/{OF_KEY}/conversations/<str:conversation_id>/audio", RecordingView.as_view(), name="conversation-recording"
    ),
    path(f"v4/{OF_KEY}/conversations", ConversationsViewV4.as_view(), name="conversations-v4"),
    path(f"v4/{OF_KEY}/conversations/<str:conversation_id>", ConversationViewV4.as_view(), name="conversation-v4"),
    path("review/", reviews.list_reviews, name="review"),
    path("review/<uuid:conversation_id>/", reviews.show_review, name="review-conversation"),
    path("review/<uuid:conversation_id>/verdict/", reviews.save_verdict, name="review-verdict"),
    path("review/<uuid:conversation_id>/mark/", reviews.save_mark, name="review-mark"),
]
