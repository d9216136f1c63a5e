"""HTTP routes of handing over: the Desk API and the inbox page."""

from django.urls import include, path

from handoffs.api import handoffs, offers, snooze, supervision
from handoffs.api import inbox as desk
from handoffs.api.chat import CloseChatView, CreateChatView
from handoffs.api.client_result import SessionClientResultView
from handoffs.api.handoff_state import show_handoff_state
from handoffs.api.waiting import CancelHandoffView
from handoffs.views import inbox as page
from handoffs.views import inbox_actions as actions
from handoffs.views import inbox_offers as offered

# Ids are read by the access functions, so that a malformed one is the same JSON 404 as an unknown one.
PROJECT = "api/v1/projects/<str:project_id>/"
CONVERSATION = "inbox/<str:conversation_id>"

desk_patterns = [
    path("inbox", desk.InboxView.as_view(), name="desk-inbox"),
    path("inbox/claim-next", desk.ClaimNextView.as_view(), name="desk-claim-next"),
    path(CONVERSATION, desk.ConversationView.as_view(), name="desk-conversation"),
    path(f"{CONVERSATION}/claim", desk.ClaimView.as_view(), name="desk-claim"),
    path(f"{CONVERSATION}/messages", desk.MessagesView.as_view(), name="desk-messages"),
    path(f"{CONVERSATION}/notes", desk.NotesView.as_view(), name="desk-notes"),
    path(f"{CONVERSATION}/typing", desk.TypingView.as_view(), name="desk-typing"),
    path(f"{CONVERSATION}/return", desk.ReturnView.as_view(), name="desk-return"),
    path(f"{CONVERSATION}/close", desk.CloseView.as_view(), name="desk-close"),
    path(f"{CONVERSATION}/transfer", supervision.TransferView.as_view(), name="desk-transfer"),
    path(f"{CONVERSATION}/takeover", supervision.TakeoverView.as_view(), name="desk-takeover"),
    path(f"{CONVERSATION}/reassign", supervision.ReassignView.as_view(), name="desk-reassign"),
    path(f"{CONVERSATION}/watch", supervision.WatchView.as_view(), name="desk-watch"),
    path(f"{CONVERSATION}/whisper", supervision.WhisperView.as_view(), name="desk-whisper"),
    path(f"{CONVERSATION}/barge", supervision.BargeView.as_view(), name="desk-barge"),
    path(f"{CONVERSATION}/events", desk.EventsView.as_view(), name="desk-events"),
    path(f"{CONVERSATION}/snooze", snooze.SnoozeView.as_view(), name="desk-snooze"),
    path(f"{CONVERSATION}/wake", snooze.WakeView.as_view(), name="desk-wake"),
    path(f"{CONVERSATION}/wrap-up/done", snooze.WrapUpDoneView.as_view(), name="desk-wrap-up-done"),
    path("presence", desk.PresenceView.as_view(), name="desk-presence"),
    path("agent", offers.AgentView.as_view(), name="desk-agent"),
    path("offers/<str:offer_id>/accept", offers.AcceptOfferView.as_view(), name="desk-offer-accept"),
    path("offers/<str:offer_id>/decline", offers.DeclineOfferView.as_view(), name="desk-offer-decline"),
]

page_patterns = [
    path("", page.show_inbox, name="inbox"),
    path("claim-next/", actions.claim_head, name="inbox-claim-next"),
    path("presence/", actions.choose_presence, name="inbox-presence"),
    path("offers/<uuid:offer_id>/accept/", offered.accept, name="inbox-offer-accept"),
    path("offers/<uuid:offer_id>/decline/", offered.decline, name="inbox-offer-decline"),
    path("<uuid:conversation_id>/snooze/", offered.snooze, name="inbox-snooze"),
    path("<uuid:conversation_id>/wake/", offered.wake, name="inbox-wake"),
    path("<uuid:conversation_id>/wrap-up/done/", offered.finish, name="inbox-wrap-up-done"),
    path("<uuid:conversation_id>/", page.show_conversation, name="inbox-conversation"),
    path("<uuid:conversation_id>/claim/", actions.claim, name="inbox-claim"),
    path("<uuid:conversation_id>/reply/", actions.reply, name="inbox-reply"),
    path("<uuid:conversation_id>/note/", actions.note, name="inbox-note"),
    path("<uuid:conversation_id>/draft/", actions.keep_draft, name="inbox-draft"),
    path("<uuid:conversation_id>/close/", actions.close, name="inbox-close"),
    path("<uuid:conversation_id>/return/", actions.give_back, name="inbox-return"),
]

# Of a project's key: the path names its account and project.
PLATFORM = "v1/<str:account_id>/<str:project_id>/"

# Read with every call that a screen shows: also answered without Django's handler, see `studio/direct.py`.
hot_patterns = [path(f"{PLATFORM}handoff_state", show_handoff_state, name="handoff-state")]

urlpatterns = [
    *hot_patterns,
    path(f"{PLATFORM}handoffs", handoffs.HandoffsView.as_view(), name="handoffs"),
    path(f"{PLATFORM}handoffs/<str:handoff_id>", handoffs.HandoffView.as_view(), name="handoff"),
    path(f"{PLATFORM}handoffs/<str:handoff_id>/state", handoffs.HandoffStateView.as_view(), name="handoff-set-state"),
    path(
        f"{PLATFORM}handoffs/<str:handoff_id>/client-result",
        handoffs.ClientResultView.as_view(),
        name="handoff-client-result",
    ),
    path("api/v1/ws-ticket", desk.SocketTicketView.as_view(), name="ws-ticket"),
    path(PROJECT, include(desk_patterns)),
    path(f"{PLATFORM}chat/create", CreateChatView.as_view(), name="chat-create"),
    path(f"{PLATFORM}chat/close", CloseChatView.as_view(), name="chat-close"),
    path("inbox/", include(page_patterns)),
    path("inbox/", include("handoffs.views.inbox_transfers")),
    path("destinations/", include("handoffs.views.destinations")),
    path("destinations/", include("handoffs.views.destination_editor")),
    path("destinations/", include("handoffs.views.destination_tests")),
    path("", include("handoffs.views.settings")),
    path("", include("handoffs.views.calibration")),
    path("", include("handoffs.views.trigger_tests")),
    path("", include("handoffs.views.collected_data")),
    path("", include("handoffs.views.forbidden_topics")),
    path("", include("handoffs.views.reasons")),
    path("", include("handoffs.views.channel_weights")),
    path("", include("handoffs.views.queues")),
    path("", include("handoffs.views.unanswered")),
    path("", include("handoffs.views.project")),
    path("settings/hours/", include("handoffs.views.hours")),
    path("settings/hours/", include("handoffs.views.holidays")),
    path("settings/hours/", include("handoffs.views.coverage")),
    path("api/v1/sessions/<uuid:session_id>/handoff/cancel", CancelHandoffView.as_view(), name="handoff-cancel"),
    path(
        "api/v1/sessions/<uuid:session_id>/handoff/client-result",
        SessionClientResultView.as_view(),
        name="session-client-result",
    ),
]
