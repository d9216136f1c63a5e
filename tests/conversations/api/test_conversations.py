"""Conversations API: the published filters, paging and fields over real timelines, and ours beside them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.permissions import ApiScope
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, EndReason, Environment
from conversations.models import Annotation, Connector, Conversation, CustomerIdentity, Outcome
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import end_session, open_session
from handoffs.services.closing import close_conversation
from tests.conversations.api.conftest import key_for
from tests.conversations.api.test_chat import ENVELOPE

V3_FIELDS = {
    "id", "account_id", "project_id", "variant_id", "variant_name", "environment", "started_at", "channel",
    "from_number", "to_number", "in_progress", "num_turns", "total_duration", "polyai_duration", "handoff",
    "handoff_reason", "handoff_destination", "num_silences", "num_ood", "metrics", "state", "turns",
}  # fmt: skip
TURN_FIELDS = {
    "user_input", "user_input_dtmf", "user_input_datetime", "agent_response", "agent_response_datetime",
    "translated_user_input", "english_agent_response", "intents", "entities", "is_ood", "is_silence", "barge_in",
    "responder",
}  # fmt: skip
ALL_TIME = {"start_time": "2000-01-01T00:00:00Z", "end_time": "2100-01-01T00:00:00Z"}


@pytest.fixture
def get(client, project):
    """GET below the project with one key of the scope and environment; the answer as Django gives it."""
    keys: dict[tuple[ApiScope, Environment], str] = {}

    def call(path="conversations", *, version="v3", scope=ApiScope.CONVERSATIONS, env=Environment.LIVE, **query):
        key = keys.setdefault((scope, env), key_for(project, scope, env) if (scope, env) not in keys else "")
        return client.get(
            f"/{version}/{project.account_id}/{project.pk}/{path}", query, headers={"x-api-key": key}
        )  # fmt: skip

    return call


@pytest.fixture
def ids(get):
    """The ids of a list, in its order."""

    def call(**query) -> list[str]:
        answer = get(**query)
        assert answer.status_code == 200, answer.json()
        return [item["id"] for item in answer.json()["conversations"]]

    return call


@pytest.fixture
def several(release, connector) -> list[Conversation]:
    """Five conversations, the newest first."""
    return [open_session(connector=connector, options={}) for _ in range(5)][::-1]


def ai_says(conversation, text, **details):
    event = NewEvent("ai.message", "ai", {"text": text, "agent_name": "Fern", **details})
    return append_event(conversation_id=conversation.id, event=event)


def refused(answer, status, code) -> str:
    body = answer.json()
    assert (answer.status_code, set(body)) == (status, ENVELOPE), body
    assert (body["success"], body["data"], body["error_code"]) == (False, None, code)
    return body["error_message"]


# --- fields ----------------------------------------------------------------------------------


def test_a_conversation_has_every_published_field(get, conversation, cast, project):
    ai_says(conversation, "Hello, Fern here.")
    asked = cast.customer_says(conversation, "How long does delivery take?")
    answer = ai_says(conversation, "Two working days.", topic="delivery", understood=True)
    cast.customer_says(conversation, "Purple monkey dishwasher")
    ai_says(conversation, "I did not understand.", understood=False)

    (told,) = get(include_latency="true").json()["conversations"]

    assert set(told) == V3_FIELDS
    assert (told["id"], told["account_id"], told["project_id"]) == (
        str(conversation.pk), str(project.account_id), str(project.pk),
    )  # fmt: skip
    assert (told["environment"], told["channel"], told["in_progress"]) == ("live", "WEBCHAT", True)
    assert (told["handoff"], told["handoff_reason"], told["handoff_destination"]) == (False, "", "")
    assert (told["num_turns"], told["num_ood"], told["num_silences"]) == (3, 1, 0)
    assert (told["variant_id"], told["variant_name"], told["from_number"], told["to_number"]) == ("", "", "", "")
    assert (told["metrics"], told["state"]) == ({}, {})
    assert [set(turn) for turn in told["turns"]] == [TURN_FIELDS | {"latency"}] * 3
    greeting, delivery, unknown = told["turns"]
    assert (greeting["user_input"], greeting["user_input_datetime"], greeting["latency"]) == ("", None, None)
    assert (delivery["user_input"], delivery["agent_response"]) == ("How long does delivery take?", "Two working days.")
    assert delivery["intents"] == ["delivery"]
    assert delivery["latency"] == pytest.approx((answer.created_at - asked.created_at).total_seconds())
    assert (delivery["is_ood"], unknown["is_ood"]) == (False, True)


def test_latencies_come_only_where_they_are_asked_for(get, conversation, cast):
    cast.customer_says(conversation, "Hello")

    (told,) = get().json()["conversations"]

    assert set(told["turns"][0]) == TURN_FIELDS


def test_a_handoff_is_told_in_both_versions(get, waiting, project):
    (v3,) = get().json()["conversations"]
    (v4,) = get(version="v4").json()["conversations"]

    assert (v3["handoff"], v3["handoff_reason"], v3["handoff_destination"]) == (True, "needs_human", "billing")
    assert set(v4) == V3_FIELDS - {"handoff_reason", "handoff_destination"} | {"shared_id", "ended_at", "outcome"}
    times = v4["handoff"].pop("timestamps")
    assert v4["handoff"] == {
        "id": str(waiting.handoff_id),
        "destination": "billing",
        "destination_name": "Billing",
        "reason": "needs_human",
        "utterance": "I'm passing you on.",
        "trigger": "explicit_request",
        "state": "handoff_initiated",
        "lifecycle_state": "queued",
        "data": {},
    }
    assert times["initiated_at"] <= times["accepted_at"]
    assert (times["joined_at"], times["ended_at"]) == (None, None)
    assert (v4["outcome"], v4["ended_at"]) == (None, None)


def test_v4_tells_what_the_human_achieved_and_when(get, claimed, agent, now):
    facts = OutcomeFacts("refund_issued", resolved=True, first_contact_resolved=True, note="Paid back")
    close_conversation(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, facts=facts, at=now)

    told = get(f"conversations/{claimed.pk}", version="v4").json()

    assert (told["handoff"]["state"], told["handoff"]["lifecycle_state"]) == ("handoff_completed", "completed")
    times = told["handoff"]["timestamps"]
    assert None not in times.values()
    assert sorted(times.values()) == [times[name] for name in ("initiated_at", "accepted_at", "joined_at", "ended_at")]
    assert (told["outcome"]["code"], told["outcome"]["source"]) == ("refund_issued", "inbox")
    assert (told["outcome"]["resolved"], told["outcome"]["note"]) == (True, "Paid back")
    assert told["in_progress"] is False


def test_before_a_handoff_there_is_none(get, conversation):
    assert get(f"conversations/{conversation.pk}", version="v4").json()["handoff"] is None


def test_what_the_program_of_a_chat_gave_comes_back(get, release, connector):
    chat = open_session(
        connector=connector, options={"variant_id": "VARIANT-1"}, channel=Channel.CHAT_API, shared_id="case-7"
    )  # fmt: skip

    told = get(f"conversations/{chat.pk}", version="v4").json()

    assert (told["channel"], told["variant_id"], told["shared_id"]) == ("CHAT", "VARIANT-1", "case-7")


def test_a_customers_number_is_told_on_channels_that_have_one(get, conversation, project):
    for channel in ("sms", "web_chat"):
        CustomerIdentity.objects.create(
            customer=conversation.customer, project=project, environment="live", channel=channel, address="+4420"
        )
    assert get().json()["conversations"][0]["from_number"] == ""
    Conversation.objects.update(channel="sms")
    assert get().json()["conversations"][0]["from_number"] == "+4420"


def test_durations_are_seconds_and_end_with_the_conversation(get, waiting, now):
    Conversation.objects.update(created_at=now - timedelta(seconds=90))
    end_session(conversation_id=waiting.pk, reason=EndReason.USER_END, at=now)

    told = get(f"conversations/{waiting.pk}").json()

    assert (told["total_duration"], told["in_progress"]) == (90, False)
    assert told["polyai_duration"] <= 1


# --- filters ---------------------------------------------------------------------------------


def test_each_filter_keeps_what_it_names_and_leaves_out_the_rest(ids, several, cast, reviewer):
    handed, chat, ended, tagged, marked = several
    cast.hand_off(handed)
    Conversation.objects.filter(pk=chat.pk).update(channel="chat_api", options={"variant_id": "v1"}, shared_id="case-7")
    ai_says(ended, "Your parcel is on its way")
    end_session(conversation_id=ended.pk, reason=EndReason.USER_END, at=timezone.now())
    facts = {"conversation": tagged, "resolved": True}
    Outcome.objects.create(code="old", occurred_at=timezone.now() - timedelta(hours=1), **facts)
    Outcome.objects.create(code="refund", occurred_at=timezone.now(), **facts)
    Annotation.objects.create(conversation=marked, sequence=1, mark="should_have_handed_off", author=reviewer)
    cast.customer_says(marked, "My parcel is 100% lost")
    only = {name: [str(item.pk)] for name, item in zip(
        ("handed", "chat", "ended", "tagged", "marked"), several, strict=True)}  # fmt: skip
    everything = [str(item.pk) for item in several]
    rest = [pk for pk in everything if pk not in only["ended"]]
    search = {"query_type": "transcript", **ALL_TIME}
    cases = [
        ({}, everything),
        ({"handoff": "true"}, only["handed"]),
        ({"handoff": "false"}, everything[1:]),
        ({"reason": "needs_human"}, only["handed"]),
        ({"reason": "complaint"}, []),
        ({"destination": "billing"}, only["handed"]),
        ({"destination": "BILLING"}, only["handed"]),
        ({"channel": "CHAT"}, only["chat"]),
        ({"channel": "chat"}, only["chat"]),
        ({"channel": ["CHAT", "WEBCHAT"]}, everything),
        ({"channel": "voice"}, []),
        ({"variant_id": "v1"}, only["chat"]),
        ({"variant_name": "v1"}, []),
        ({"shared_id": "case-7"}, only["chat"]),
        ({"in_progress": "false"}, only["ended"]),
        ({"in_progress": "true"}, rest),
        ({"disposition": "refund"}, only["tagged"]),
        ({"disposition": "old"}, []),
        ({"annotation": "should_have_handed_off"}, only["marked"]),
        ({"annotation": "needed"}, []),
        ({"start_time": ALL_TIME["end_time"]}, []),
        ({"end_time": ALL_TIME["start_time"]}, []),
        (ALL_TIME, everything),
        ({"client_env": "live"}, everything),
        ({"query": "PARCEL", **search}, only["ended"] + only["marked"]),
        ({"query": "parcel", "turn_type": "user", **search}, only["marked"]),
        ({"query": "parcel", "turn_type": "agent", **search}, only["ended"]),
        ({"query": "100% lost", **search}, only["marked"]),
        ({"query": "1_0%", **search}, []),
        ({"handoff": "true", "channel": "CHAT"}, []),
    ]
    for query, expected in cases:
        assert (query, ids(**query)) == (query, expected)


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"limit": "0"}, "CONVERSATIONS_VALIDATION_FAILED", "limit"),
        ({"limit": "1001"}, "CONVERSATIONS_VALIDATION_FAILED", "limit"),
        ({"offset": "-1"}, "CONVERSATIONS_VALIDATION_FAILED", "offset"),
        ({"offset": "9" * 30}, "CONVERSATIONS_VALIDATION_FAILED", "offset"),
        ({"cursor": "nonsense"}, "CONVERSATIONS_VALIDATION_FAILED", "cursor"),
        ({"cursor": "WzEsMl0"}, "CONVERSATIONS_VALIDATION_FAILED", "cursor"),
        ({"cursor": "ée"}, "CONVERSATIONS_VALIDATION_FAILED", "cursor"),
        ({"start_time": "yesterday"}, "CONVERSATIONS_VALIDATION_FAILED", "start_time"),
        ({"start_time": ALL_TIME["end_time"], "end_time": ALL_TIME["start_time"]}, None, "end_time"),
        ({"in_progress": "perhaps"}, "CONVERSATIONS_VALIDATION_FAILED", "in_progress"),
        ({"channel": "fax"}, "CONVERSATIONS_VALIDATION_FAILED", "channel"),
        ({"annotation": "great"}, "CONVERSATIONS_VALIDATION_FAILED", "annotation"),
        ({"client_env": "staging"}, "CONVERSATIONS_VALIDATION_FAILED", "client_env"),
        ({"reason": "a\0b"}, "CONVERSATIONS_VALIDATION_FAILED", "reason"),
        ({"variant_id": "a", "variant_name": "b"}, None, "not both"),
        ({"query_type": "semantic", "query": "x", **ALL_TIME}, None, "not offered"),
        ({"query_type": "transcript", **ALL_TIME}, None, "query"),
        ({"query_type": "transcript", "query": "x"}, None, "start_time"),
        ({"query": "x", **ALL_TIME}, None, "query_type"),
        ({"turn_type": "user"}, None, "turn_type"),
        ({"sample": "random"}, None, "start_time"),
        ({"sample": "random", "query_type": "transcript", "query": "x", **ALL_TIME}, None, "not both"),
        ({"sample": "random", "offset": "5", **ALL_TIME}, None, "sample"),
        ({"sort": "-started_at"}, "GET_CONVERSATIONS_INVALID_SORT_PARAMETER", "sort"),
        ({"handof": "true"}, "GET_CONVERSATIONS_FILTER_PARSE_ERROR", "handof"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_words(get, conversation, query, code, words):
    assert words in refused(get(**query), 400, code or "CONVERSATIONS_VALIDATION_FAILED")


@pytest.mark.parametrize("env", ["sandbox", "pre-release"])
def test_a_key_opens_its_own_environment(get, conversation, env):
    assert "live" in refused(get(client_env=env), 403, "FORBIDDEN")


def test_environments_never_mix(ids, conversation, project):
    connector = Connector.objects.create(project=project, environment="sandbox", name="Trial", hosts=[])
    trial = open_session(connector=connector, options={})

    assert ids() == [str(conversation.pk)]
    assert ids(env=Environment.SANDBOX) == ids(env=Environment.SANDBOX, client_env="sandbox") == [str(trial.pk)]


# --- pages -----------------------------------------------------------------------------------


def pages_of(get, **query) -> list[list[str]]:
    """Walk the pages by cursor."""
    pages, cursor = [], {}
    while True:
        body = get(**query, **cursor).json()
        pages.append([item["id"] for item in body["conversations"]])
        if body["cursor"] is None:
            return pages
        cursor = {"cursor": body["cursor"]}


def test_cursors_lead_through_all_pages(get, several):
    expected = [str(item.pk) for item in several]

    assert pages_of(get, limit=2) == [expected[:2], expected[2:4], expected[4:]]
    assert pages_of(get, limit=5) == [expected]
    assert pages_of(get) == [expected]


def test_new_conversations_do_not_move_the_pages(get, several, connector):
    first = get(limit=2).json()
    open_session(connector=connector, options={})

    second = get(limit=2, cursor=first["cursor"]).json()

    assert [item["id"] for item in second["conversations"]] == [str(item.pk) for item in several[2:4]]


def test_conversations_of_one_instant_stand_on_one_page_each(get, several):
    Conversation.objects.update(created_at=timezone.now())

    pages = pages_of(get, limit=2)

    assert sorted(pk for page in pages for pk in page) == sorted(str(item.pk) for item in several)


def test_offsets_lead_through_too_and_a_cursor_wins(get, several):
    expected = [str(item.pk) for item in several]
    first = get(limit=2).json()
    assert first["next_offset"] == 2

    last = get(limit=2, offset=4).json()
    both = get(limit=2, offset=4, cursor=first["cursor"]).json()

    assert [item["id"] for item in last["conversations"]] == expected[4:]
    assert (last["cursor"], "next_offset" in last) == (None, False)
    assert [item["id"] for item in both["conversations"]] == expected[2:4]


def test_a_sample_is_as_large_as_asked_for_and_has_no_next_page(get, several):
    body = get(sample="random", limit=3, **ALL_TIME).json()

    assert len({item["id"] for item in body["conversations"]} & {str(item.pk) for item in several}) == 3
    assert (body["cursor"], "next_offset" in body) == (None, False)


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_a_page_takes_three_statements_whatever_its_length(get, several, cast, connector, version):
    for conversation in several:
        cast.customer_says(conversation, "Hello")
        Outcome.objects.create(conversation=conversation, code="x", resolved=True, occurred_at=timezone.now())
    get(version=version)

    def statements(**query) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert get(version=version, **query).status_code == 200
        return sum("api_key" not in query["sql"] for query in captured)

    assert statements(limit=1) == statements(limit=5) == 3


# --- one, and none ---------------------------------------------------------------------------


def test_one_conversation_is_told_like_in_the_list(get, conversation, cast):
    cast.customer_says(conversation, "Hello")

    told = get(f"conversations/{conversation.pk}").json()

    (listed,) = get(include_latency="true").json()["conversations"]
    assert {**told, "total_duration": 0, "polyai_duration": 0} == {**listed, "total_duration": 0, "polyai_duration": 0}


@pytest.mark.parametrize("pk", ["00000000-0000-7000-8000-000000000007", "nonsense", "%00"])
@pytest.mark.parametrize("version", ["v3", "v4"])
def test_an_unknown_one_is_not_found(get, conversation, version, pk):
    refused(get(f"conversations/{pk}", version=version), 404, "CONVERSATIONS_NOT_FOUND")


def test_one_of_another_project_or_environment_is_not_found(get, conversation):
    refused(get(f"conversations/{conversation.pk}", env=Environment.SANDBOX), 404, "CONVERSATIONS_NOT_FOUND")


def test_there_are_no_recordings_and_it_says_so(get, conversation):
    refused(get(f"conversations/{conversation.pk}/audio"), 404, "CONVERSATIONS_RECORDING_NOT_FOUND")
    refused(get(f"conversations/{uuid.uuid4()}/audio"), 404, "CONVERSATIONS_NOT_FOUND")


@pytest.mark.parametrize("path", ["conversations", "conversations/7", "conversations/7/audio"])
def test_the_scope_is_needed(get, conversation, path):
    refused(get(path, scope=ApiScope.CHAT), 403, "FORBIDDEN")


def test_without_a_key_nothing_is_told(client, project, conversation):
    refused(client.get(f"/v3/{project.account_id}/{project.pk}/conversations"), 401, "UNAUTHORIZED")
