"""The Handoff API beside the published read: starting from outside, lists, custom states, and the client's result."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import EndReason, Environment, OwnerKind
from conversations.models import ApiKey, Conversation, Event, OutboxEntry
from conversations.services.api_keys import digest_of_key, rotate_api_key
from conversations.services.sessions import end_session
from handoffs.models import Destination, Handoff, Line, QueueEntry
from handoffs.services.releases import publish_release
from tests.keyed import program_of

NEEDED = {"reason": "needs_human"}


@pytest.fixture
def handoff(waiting) -> Handoff:
    return Handoff.objects.get(pk=waiting.handoff_id)


def test_a_conversation_is_handed_off_by_its_id(program, conversation):
    answer = program.post(
        "handoffs",
        {**NEEDED, "conversation_id": str(conversation.pk), "utterance": "One moment.", "data": {"order": 7}},
    )
    assert answer.status_code == 201
    body = answer.json()
    assert (body["conversation_id"], body["is_new_conversation"]) == (str(conversation.pk), False)
    told = body["handoff"]
    assert (told["state"], told["lifecycle_state"], told["trigger"]) == ("handoff_initiated", "queued", "api")
    assert (told["utterance"], told["destination"], told["data"]) == ("One moment.", "billing", {"order": 7})
    assert told["trace"]["route"][0]["destination"] == "billing"
    entry = QueueEntry.objects.get()
    assert (entry.conversation_id, str(entry.pk)) == (conversation.pk, told["id"])


@pytest.mark.parametrize("number", [1e30, -1e30, {"deep": [1.5e300]}])
def test_a_number_that_could_not_be_read_again_is_refused_as_what_it_is(program, release, number):
    answer = program.post("handoffs", {**NEEDED, "data": {"account": number}})

    assert answer.status_code == 400
    assert "send it as text" in answer.json()["error_message"]
    assert Handoff.objects.count() == 0


def test_an_agent_that_lives_elsewhere_opens_a_conversation_with_its_transcript(program, release):
    said = [{"author": "customer", "text": "My bill is wrong"}, {"author": "ai", "text": "Let me get somebody."}]
    answer = program.post("handoffs", {**NEEDED, "shared_id": "crm-7", "channel": "whatsapp", "messages": said})
    assert answer.json()["is_new_conversation"] is True
    conversation = Conversation.objects.get()
    assert (conversation.shared_id, conversation.channel) == ("crm-7", "whatsapp")
    events = Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True)
    assert list(events)[:4] == ["session.started", "customer.message", "ai.message", "ai.message"]
    assert not OutboxEntry.objects.filter(topic="turn.due").exists()


def test_a_shared_id_finds_the_conversation_that_goes_on(program, conversation):
    Conversation.objects.update(shared_id="crm-7")
    answer = program.post("handoffs", {**NEEDED, "shared_id": "crm-7"})
    assert answer.json()["conversation_id"] == str(conversation.pk)
    assert Conversation.objects.count() == 1


def test_after_its_end_a_shared_id_opens_another_conversation(program, conversation, now):
    Conversation.objects.update(shared_id="crm-7")
    end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=now)
    assert program.post("handoffs", {**NEEDED, "shared_id": "crm-7"}).json()["is_new_conversation"] is True


def test_the_same_call_again_is_the_same_handoff(program, release):
    first = program.post("handoffs", NEEDED, Idempotency_Key="once")
    again = program.post("handoffs", NEEDED, Idempotency_Key="once")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Handoff.objects.count() == 1


def test_the_same_key_for_another_call_is_refused(program, release):
    program.post("handoffs", NEEDED, Idempotency_Key="once")
    answer = program.post("handoffs", {"reason": "complaint"}, Idempotency_Key="once")
    assert answer.status_code == 409
    assert answer.json()["error_message"].startswith("This Idempotency-Key was used for another request")


def test_after_a_refusal_the_key_is_free(program, release):
    assert program.post("handoffs", {}, Idempotency_Key="once").status_code == 400
    assert program.post("handoffs", NEEDED, Idempotency_Key="once").status_code == 201


def test_a_call_repeated_with_the_key_that_came_after_is_the_same_call(program, release, owner):
    first = program.post("handoffs", NEEDED, Idempotency_Key="once")
    for _ in range(2):
        key = ApiKey.objects.get(digest=digest_of_key(program.key))
        program.key = rotate_api_key(key=key, user=owner, at=timezone.now())[1]

    again = program.post("handoffs", NEEDED, Idempotency_Key="once")

    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert Handoff.objects.count() == 1


def test_a_call_with_a_key_of_another_line_is_another_call(program, project, release):
    program.post("handoffs", NEEDED, Idempotency_Key="once")

    other = program_of(project, ApiScope.HANDOFF).post("handoffs", NEEDED, Idempotency_Key="once")

    assert other.status_code == 201
    assert Handoff.objects.count() == 2


def test_nobody_is_handed_off_twice(program, waiting, handoff):
    answer = program.post("handoffs", {**NEEDED, "conversation_id": str(waiting.pk)})
    assert answer.status_code == 409
    assert str(handoff.pk) in answer.json()["error_message"]
    assert Handoff.objects.count() == 1


def test_what_has_ended_is_not_handed_off(program, conversation, now):
    end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=now)
    assert program.post("handoffs", {**NEEDED, "conversation_id": str(conversation.pk)}).status_code == 409


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "reason: This field is required."),
        ([1], "Invalid data. Expected a dictionary, but got list."),
        ({**NEEDED, "destination": "nowhere"}, "There is no destination nowhere; there are: billing"),
        ({**NEEDED, "data": {"big": "x" * 65_536}}, "data: 65546 octets of JSON are more than the 65536 it may have"),
        ({**NEEDED, "data": {"nul": "\0"}}, "data: NUL is no text"),
        ({**NEEDED, "data": [1]}, 'data: Expected a dictionary of items but got type "list".'),
        ({**NEEDED, "channel": "pigeon"}, 'channel: "pigeon" is not a valid choice.'),
        ({**NEEDED, "messages": [{"author": "cat", "text": "x"}]}, 'messages.0.author: "cat" is not a valid choice.'),
        ({**NEEDED, "conversation_id": "abc"}, "conversation_id: Must be a valid UUID."),
        ({"reason": "Needs Human"}, "reason: This value does not match the required pattern."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(program, release, body, said):
    answer = program.post("handoffs", body)
    assert (answer.status_code, answer.json()) == (400, {"error_message": said})
    assert not Conversation.objects.exists()


def test_a_transcript_is_taken_for_a_new_conversation_only(program, conversation):
    said = [{"author": "customer", "text": "Hi"}]
    answer = program.post("handoffs", {**NEEDED, "conversation_id": str(conversation.pk), "messages": said})
    assert (answer.status_code, Handoff.objects.count()) == (400, 0)


def test_a_conversation_nobody_knows_is_not_found(program, release):
    answer = program.post("handoffs", {**NEEDED, "conversation_id": str(uuid4())})
    assert (answer.status_code, answer.json()) == (404, {"error_message": "There is no such conversation"})


def test_another_environments_conversation_is_not_found(project, conversation):
    sandbox = program_of(project, ApiScope.HANDOFF, environment=Environment.SANDBOX)
    assert sandbox.post("handoffs", {**NEEDED, "conversation_id": str(conversation.pk)}).status_code == 404


@pytest.mark.parametrize("scopes", [[], [ApiScope.CHAT, ApiScope.CONVERSATIONS, ApiScope.OUTCOMES]])
def test_a_key_without_the_scope_is_refused(project, handoff, scopes):
    program = program_of(project, *scopes)
    answers = [
        program.get("handoffs"), program.post("handoffs", NEEDED), program.get(f"handoffs/{handoff.pk}"),
        program.post(f"handoffs/{handoff.pk}/state"), program.post(f"handoffs/{handoff.pk}/client-result"),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {403}


def test_the_handoffs_of_a_project_are_listed_newest_first_page_by_page(program, release):
    started = [program.post("handoffs", NEEDED).json()["handoff"]["id"] for _ in range(5)]
    pages, cursor = [], ""
    while cursor is not None:
        page = program.get("handoffs", limit=2, cursor=cursor).json()
        pages.append([row["id"] for row in page["results"]])
        cursor = page["next"]
    assert pages == [started[4:2:-1], started[2:0:-1], started[:1]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "queued"}, 1),
        ({"state": "handoff_initiated"}, 1),
        ({"state": "handoff_completed"}, 0),
        ({"reason": "needs_human", "destination": "billing"}, 1),
        ({"reason": "complaint"}, 0),
        ({"destination": "nowhere"}, 0),
        ({"since": "2020-01-01T00:00:00Z"}, 1),
        ({"since": "2099-01-01T00:00:00Z"}, 0),
    ],
)
def test_a_list_is_cut_down(program, handoff, query, found):
    assert len(program.get("handoffs", **query).json()["results"]) == found


@pytest.mark.parametrize("query", [{"cursor": "abc"}, {"cursor": "MnwxfDI"}, {"limit": 0}, {"since": "soon"}])
def test_a_query_that_cannot_be_read_is_refused(program, handoff, query):
    answer = program.get("handoffs", **query)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error_message"]


def test_one_handoff_is_told_whole(program, handoff):
    Handoff.objects.update(context={"required": ["order"], "missing": ["order"], "score": 0})
    body = program.get(f"handoffs/{handoff.pk}").json()
    assert body["trace"]["route"][0]["finding"] == "queue_on"
    assert body["context"] == {"required": ["order"], "missing": ["order"], "score": 0}
    assert (body["release"], body["attempt"], body["is_soft"]) == (1, 1, False)


@pytest.mark.parametrize("name", ["abc", "00000000-0000-7000-8000-000000000000"])
def test_a_handoff_nobody_knows_is_not_found(program, release, name):
    answer = program.get(f"handoffs/{name}")
    assert (answer.status_code, answer.json()) == (404, {"error_message": "There is no such handoff"})


def test_a_custom_state_stands_instead_of_the_published_one_until_it_is_taken_away(program, handoff):
    changed = program.post(f"handoffs/{handoff.pk}/state", {"state": "customer_refund"}).json()
    assert (changed["state"], changed["lifecycle_state"]) == ("customer_refund", "queued")
    back = program.post(f"handoffs/{handoff.pk}/state", {"state": None}).json()
    assert back["state"] == "handoff_initiated"
    assert [entry["state"] for entry in back["history"]][-2:] == ["customer_refund", "handoff_initiated"]
    assert program.get("handoffs", state="customer_refund").json()["results"] == []


def test_a_custom_state_that_is_set_twice_is_one_line_of_the_history(program, handoff):
    answers = [program.post(f"handoffs/{handoff.pk}/state", {"state": "vip"}).json() for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("state", ["handoff_completed", "", "Refund", "a b", [1], "x" * 61])
def test_a_state_that_is_no_name_is_refused(program, handoff, state):
    body = {} if state == "" else {"state": state}
    assert program.post(f"handoffs/{handoff.pk}/state", body).status_code == 400


@pytest.fixture
def for_the_client(project, owner, release) -> Destination:
    """Everybody is taken there by the customer's own app."""
    Destination.objects.filter(project=project).update(desk="client", desk_key="client")
    return Destination.objects.get(project=project)


def test_the_client_says_that_a_human_took_over(program, release):
    started = program.post("handoffs", {**NEEDED, "channel": "api"}).json()["handoff"]
    assert started["lifecycle_state"] == "client_required"
    done = program.post(f"handoffs/{started['id']}/client-result", {"result": "completed"})
    assert (done.status_code, done.json()["state"], done.json()["cause"]) == (
        200, "handoff_completed", "client_reported",
    )  # fmt: skip
    assert Conversation.objects.get().owner_kind == OwnerKind.NONE


def test_a_result_that_comes_twice_changes_nothing(program, release):
    started = program.post("handoffs", {**NEEDED, "channel": "api"}).json()["handoff"]
    path = f"handoffs/{started['id']}/client-result"
    first, again = (program.post(path, {"result": "completed"}) for _ in range(2))
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_result_for_what_is_not_the_clients_is_refused(program, handoff):
    answer = program.post(f"handoffs/{handoff.pk}/client-result", {"result": "completed"})
    assert (answer.status_code, list(answer.json())) == (409, ["error_message"])


def test_a_result_under_a_stale_epoch_is_refused(program, release):
    started = program.post("handoffs", {**NEEDED, "channel": "api"}).json()["handoff"]
    path = f"handoffs/{started['id']}/client-result"
    assert program.post(path, {"result": "failed", "epoch": started["epoch"] - 1}).status_code == 409
    assert program.post(path, {"result": "failed", "epoch": started["epoch"]}).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("put", "handoffs"), ("post", "handoffs/x"), ("get", "handoffs/x/state")])
def test_a_method_that_is_none_is_said_in_the_envelope(program, release, method, path):
    answer = getattr(program, method)(path)
    assert answer.status_code == 405
    assert list(answer.json()) == ["error_message"]


def test_another_kind_of_body_is_said_in_the_envelope(program, release):
    answer = program.client.post(program.url("handoffs"), "reason=x", content_type="text/plain", headers=program.sent())
    assert (answer.status_code, list(answer.json())) == (415, ["error_message"])


def test_too_many_calls_are_told_when_to_come_again(program, release, settings):
    settings.API_CALLS_PER_MINUTE = 2
    answers = [program.get("handoffs") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "1"


def test_without_redis_nobody_is_kept_outside(program, release, settings):
    settings.API_CALLS_PER_MINUTE, settings.REDIS_URL = 1, "redis://127.0.0.1:1/0"
    assert [program.get("handoffs").status_code for _ in range(2)] == [200, 200]


def test_the_newest_first_since_an_instant(program, handoff):
    Handoff.objects.update(initiated_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert program.get("handoffs", since=since).json()["results"] == []


@pytest.fixture
def by_phone(project, owner, release) -> Destination:
    """Takes calls only, over a REFER with two headers."""
    destination = Destination.objects.create(
        project=project, key="claims", name="Claims", desk_key="", method="refer", route="+442079460142",
        headers=[{"name": "X-Reason", "value": "$reason"}, {"name": "X-Caller", "value": "$caller_id"}],
    )  # fmt: skip
    publish_release(project=project, publisher=owner, at=timezone.now())
    return destination


def test_a_call_is_answered_with_the_plan_of_its_transfer(program, by_phone):
    Line.objects.create(project=by_phone.project, environment="live", key="trunk", name="Trunk", domain="sbc.example")
    body = {
        **NEEDED, "channel": "voice", "destination": "claims", "caller_id": "+447700900123",
        "sip_headers": {"X-Order": "A-7"},
    }  # fmt: skip
    answer = program.post("handoffs", body)
    assert answer.status_code == 201
    plan = answer.json()["transfer"]
    assert (plan["method"], plan["media_profile"], plan["problems"]) == ("REFER", None, [])
    assert plan["refer_to"].startswith("sip:+442079460142@sbc.example")
    assert [(header["name"], header["value"]) for header in plan["headers"]] == [
        ("X-Reason", "needs_human"), ("X-Caller", "+447700900123"), ("X-Order", "A-7"),
    ]  # fmt: skip
    assert answer.json()["handoff"]["lifecycle_state"] == "client_required"


def test_somebody_who_calls_again_is_the_same_customer(program, by_phone):
    body = {**NEEDED, "channel": "voice", "destination": "claims", "caller_id": "+447700900123"}
    for _ in range(2):
        assert program.post("handoffs", body).status_code == 201
    assert Conversation.objects.values("customer").distinct().count() == 1


def test_a_call_to_where_no_calls_are_taken_is_refused(program, release):
    answer = program.post("handoffs", {**NEEDED, "channel": "voice"})
    assert (answer.status_code, Conversation.objects.count()) == (400, 0)
    assert answer.json()["error_message"].startswith("Billing has no voice route")


def test_on_other_channels_there_is_no_plan(program, release):
    assert program.post("handoffs", NEEDED).json()["transfer"] is None


def test_a_history_does_not_grow_without_end(program, handoff):
    Handoff.objects.filter(pk=handoff.pk).update(history=handoff.history * 100)

    answer = program.post(f"handoffs/{handoff.pk}/state", {"state": "one_more"})

    assert answer.status_code == 409
    assert "takes no further state" in answer.json()["error_message"]
