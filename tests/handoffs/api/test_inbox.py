"""The Desk API, call by call as its table says."""

import pytest
from django.utils import timezone

from conversations.domain.vocabulary import EndReason
from conversations.models import Connector, Draft, Event, Outcome
from conversations.services.sessions import end_session, open_session
from handoffs.models import Presence
from handoffs.services.claims import claim_conversation

ROW = {
    "conversation_id",
    "sequence",
    "epoch",
    "name",
    "initials",
    "channel",
    "environment",
    "state",
    "owner",
    "owner_since",
    "mine",
    "queue",
    "reason",
    "reason_label",
    "reason_urgent",
    "waiting_since",
    "snoozed_until",
    "target_seconds",
    "last_event",
    "unread",
    "destination_name",
}


def test_the_list_has_one_row_for_each_waiting_conversation(call, agent, waiting, cast):
    cast.customer_says(waiting, "Is anyone there?")
    waiting.refresh_from_db()

    answer = call(agent).get("inbox", view="waiting")

    assert answer.status_code == 200
    assert answer.json()["next"] is None
    (row,) = answer.json()["results"]
    assert set(row) == ROW
    assert row["conversation_id"] == str(waiting.pk)
    assert (row["state"], row["epoch"], row["sequence"]) == ("waiting", waiting.epoch, waiting.last_sequence)
    assert row["owner"] == {"kind": "queue", "id": "billing", "name": "Billing"}
    assert row["queue"] == {"key": "billing", "name": "Billing"}
    assert (row["reason"], row["reason_label"], row["target_seconds"]) == ("needs_human", "Needs a person", 120)
    assert (row["last_event"]["author"], row["last_event"]["text"]) == ("Customer", "Is anyone there?")
    assert (row["mine"], row["unread"]) == (False, 1)


def test_a_view_that_does_not_exist_is_a_field_error(call, agent):
    answer = call(agent).get("inbox", view="everything")

    assert answer.status_code == 422
    assert answer.json() == {"errors": {"view": ["One of mine, waiting, ai, team, snoozed, closed"]}}


def test_a_cursor_of_somebody_else_is_a_field_error(call, agent):
    answer = call(agent).get("inbox", view="waiting", cursor="garbage")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cursor"])


def test_a_claim_answers_the_new_epoch_and_owner(call, agent, waiting):
    answer = call(agent).post(f"inbox/{waiting.pk}/claim")

    assert answer.status_code == 200
    assert answer.json() == {
        "conversation_id": str(waiting.pk),
        "epoch": waiting.epoch + 1,
        "owner": {"kind": "human", "id": str(agent.pk), "name": "Maya Okafor"},
    }


def test_claiming_what_is_mine_answers_the_same_unchanged(call, agent, claimed):
    answer = call(agent).post(f"inbox/{claimed.pk}/claim")

    assert (answer.status_code, answer.json()["epoch"]) == (200, claimed.epoch)


def test_the_loser_of_a_claim_is_told_who_won_and_when(call, agent, other_agent, claimed):
    answer = call(other_agent).post(f"inbox/{claimed.pk}/claim")

    assert answer.status_code == 409
    body = answer.json()
    assert set(body) == {"error", "detail", "owner", "at"}
    assert body["error"] == "already_claimed"
    assert body["owner"] == {"id": str(agent.pk), "name": "Maya Okafor"}
    assert body["at"] == claimed.owner_since.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_conversation_with_the_ai_is_not_waiting(call, agent, conversation):
    answer = call(agent).post(f"inbox/{conversation.pk}/claim")

    assert (answer.status_code, answer.json()["error"], answer.json()["state"]) == (409, "not_waiting", "ai")


def test_an_ended_conversation_is_not_waiting(call, agent, conversation):
    end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=timezone.now())

    answer = call(agent).post(f"inbox/{conversation.pk}/claim")

    assert (answer.status_code, answer.json()["error"], answer.json()["state"]) == (409, "not_waiting", "ended")


def test_claim_next_takes_the_one_who_waits_longest(call, agent, waiting, connector, cast):
    second = open_session(connector=connector, options={})
    cast.hand_off(second)
    caller = call(agent)

    answers = [caller.post("inbox/claim-next") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 204]
    assert [answer.json()["conversation_id"] for answer in answers[:2]] == [str(waiting.pk), str(second.pk)]
    assert answers[2].content == b""


def test_claim_next_of_another_queue_finds_nobody(call, agent, waiting):
    assert call(agent).post("inbox/claim-next", {"queue": "returns"}).status_code == 204


def test_a_message_is_created_once_however_often_it_is_sent(call, agent, claimed):
    body = {"text": "Hello, Maya here", "epoch": claimed.epoch, "client_id": "m1"}
    caller = call(agent)

    first, again = caller.post(f"inbox/{claimed.pk}/messages", body), caller.post(f"inbox/{claimed.pk}/messages", body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    event = first.json()["event"]
    assert (event["type"], event["payload"]["text"], event["author"]) == (
        "human.message",
        "Hello, Maya here",
        f"user:{agent.pk}",
    )
    assert Event.objects.filter(conversation=claimed, type="human.message").count() == 1


def test_a_stale_reply_is_refused_with_who_and_when_and_kept(call, agent, claimed):
    stale = {"text": "Too late", "epoch": claimed.epoch - 1, "client_id": "m1"}

    answer = call(agent).post(f"inbox/{claimed.pk}/messages", stale)

    assert answer.status_code == 409
    body = answer.json()
    assert (body["error"], body["owner"]) == ("stale_epoch", {"id": str(agent.pk), "name": "Maya Okafor"})
    draft = Draft.objects.get()
    assert (body["draft_id"], draft.text, draft.user) == (str(draft.pk), "Too late", agent)
    assert not Event.objects.filter(conversation=claimed, type="human.message").exists()


@pytest.mark.parametrize("action", ["messages", "notes", "typing", "return", "close"])
def test_an_epoch_no_conversation_can_have_is_refused_as_a_field(call, agent, claimed, action):
    body = {"text": "Hello", "client_id": "m1", "code": "no_action", "resolved": True, "epoch": 2**31}

    answer = call(agent).post(f"inbox/{claimed.pk}/{action}", body)

    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"epoch"})


def test_knowing_the_epoch_is_not_having_the_conversation(call, agent, other_agent, claimed):
    claimed.refresh_from_db()
    before = claimed.last_sequence
    intruding = {"text": "Let me answer", "epoch": claimed.epoch, "client_id": "m1"}

    answer = call(other_agent).post(f"inbox/{claimed.pk}/messages", intruding)

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_epoch")
    assert answer.json()["owner"]["id"] == str(agent.pk)
    claimed.refresh_from_db()
    assert claimed.last_sequence == before
    assert not Event.objects.filter(conversation=claimed, type="human.message").exists()


def test_a_message_after_the_end_is_refused_and_kept(call, agent, claimed):
    epoch = claimed.epoch
    end_session(conversation_id=claimed.pk, reason=EndReason.USER_END, at=timezone.now())

    answer = call(agent).post(f"inbox/{claimed.pk}/messages", {"text": "Hello?", "epoch": epoch, "client_id": "m1"})

    assert (answer.status_code, answer.json()["error"]) == (409, "ended")
    assert answer.json()["draft_id"] == str(Draft.objects.get().pk)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"epoch": 1, "client_id": "m"}, "text"),
        ({"text": "   ", "epoch": 1, "client_id": "m"}, "text"),
        ({"text": "Hello", "client_id": "m"}, "epoch"),
        ({"text": "Hello", "epoch": "soon", "client_id": "m"}, "epoch"),
        ({"text": "Hello", "epoch": 1}, "client_id"),
        ({"text": "Hello", "epoch": 1, "client_id": "m", "attachments": ["a.png"]}, "attachments"),
    ],
)
def test_a_message_that_lacks_something_is_told_which_field(call, agent, claimed, body, field):
    answer = call(agent).post(f"inbox/{claimed.pk}/messages", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.parametrize("body", ["{text", '{"text": "\\ud800"}', "[" * 50_000, b"\xff"])
def test_a_body_that_is_no_json_is_malformed(client, call, agent, claimed, body):
    caller = call(agent)
    url = caller.url(f"inbox/{claimed.pk}/messages")

    answer = client.post(url, body, content_type="application/json", headers=caller.headers)

    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_a_note_is_for_colleagues_and_may_be_anybodys(call, other_agent, claimed):
    answer = call(other_agent).post(f"inbox/{claimed.pk}/notes", {"text": "Reference 88-2207"})

    assert answer.status_code == 200
    event = answer.json()["event"]
    assert (event["type"], event["public_sequence"], event["payload"]["text"]) == (
        "note.added",
        None,
        "Reference 88-2207",
    )


def test_a_note_bound_to_an_old_epoch_is_refused_and_kept(call, agent, claimed):
    answer = call(agent).post(f"inbox/{claimed.pk}/notes", {"text": "Mine", "epoch": claimed.epoch - 1})

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_epoch")
    assert (Draft.objects.get().mode, Draft.objects.get().text) == ("note", "Mine")


def test_typing_is_told_by_who_has_it_only(call, agent, other_agent, claimed):
    body = {"epoch": claimed.epoch, "state": "TYPING_STATE_STARTED"}

    assert call(agent).post(f"inbox/{claimed.pk}/typing", body).status_code == 200
    refused = call(other_agent).post(f"inbox/{claimed.pk}/typing", body)
    assert (refused.status_code, refused.json()["error"]) == (409, "stale_epoch")


def test_a_returned_conversation_is_the_ais_again(call, agent, claimed):
    answer = call(agent).post(f"inbox/{claimed.pk}/return", {"epoch": claimed.epoch, "note": "Refund is on its way"})

    assert answer.status_code == 200
    assert answer.json()["owner"] == {"kind": "ai", "id": "", "name": "Fern"}
    assert Event.objects.get(conversation=claimed, type="note.added").payload["text"] == "Refund is on its way"


def test_closing_answers_the_outcome(call, agent, claimed):
    body = {
        "code": "refund_issued",
        "resolved": True,
        "first_contact_resolved": False,
        "note": "Card ending 2207",
        "epoch": claimed.epoch,
    }

    answer = call(agent).post(f"inbox/{claimed.pk}/close", body)

    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    outcome = answer.json()["outcome"]
    assert outcome["id"] == str(Outcome.objects.get().pk)
    assert (outcome["code"], outcome["resolved"], outcome["first_contact_resolved"]) == ("refund_issued", True, False)
    assert (outcome["handled_by"], outcome["note"]) == ("Maya Okafor", "Card ending 2207")


def test_closing_with_an_unknown_disposition_is_a_field_error(call, agent, claimed):
    body = {"code": "went_home", "resolved": True, "epoch": claimed.epoch}

    answer = call(agent).post(f"inbox/{claimed.pk}/close", body)

    assert answer.status_code == 422
    assert answer.json() == {"errors": {"code": ["One of refund_issued, no_action"]}}
    assert not Outcome.objects.exists()


def test_closing_under_an_old_epoch_is_refused(call, agent, claimed):
    body = {"code": "refund_issued", "resolved": True, "epoch": claimed.epoch - 1}

    answer = call(agent).post(f"inbox/{claimed.pk}/close", body)

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_epoch")


def test_events_follow_a_sequence(call, agent, claimed, cast):
    said = cast.customer_says(claimed, "It says pending")

    answer = call(agent).get(f"inbox/{claimed.pk}/events", after=said.sequence - 1)

    assert answer.status_code == 200
    assert (answer.json()["last_sequence"], answer.json()["epoch"]) == (said.sequence, claimed.epoch)
    (event,) = answer.json()["events"]
    assert (event["sequence"], event["type"], event["payload"]) == (
        said.sequence,
        "customer.message",
        {"text": "It says pending"},
    )


def test_events_after_the_last_one_are_none(call, agent, claimed):
    claimed.refresh_from_db()

    answer = call(agent).get(f"inbox/{claimed.pk}/events", after=claimed.last_sequence)

    assert answer.json() == {"events": [], "last_sequence": claimed.last_sequence, "epoch": claimed.epoch}


@pytest.mark.parametrize("after", ["-1", "soon", "9" * 20])
def test_events_after_what_is_no_sequence_are_a_field_error(call, agent, claimed, after):
    answer = call(agent).get(f"inbox/{claimed.pk}/events", after=after)

    assert answer.json() == {"errors": {"after": ["A sequence number"]}}


def test_one_conversation_shows_its_dispositions_handoff_and_customer(call, agent, claimed):
    answer = call(agent).get(f"inbox/{claimed.pk}")

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == ROW | {"dispositions", "handoff", "customer", "earlier"}
    assert body["dispositions"] == [
        {"code": "refund_issued", "label": "Refund issued"},
        {"code": "no_action", "label": "No action"},
    ]
    assert (body["handoff"]["reason"], body["handoff"]["state"], body["handoff"]["release"]) == (
        "needs_human",
        "active",
        1,
    )
    assert body["mine"] is True


def test_presence_is_put(call, agent, project):
    answer = call(agent).put("presence", {"state": "ready"})

    assert (answer.status_code, answer.json()["state"]) == (200, "ready")
    assert Presence.objects.get(user=agent, project=project).state == "ready"


def test_an_unknown_presence_is_a_field_error(call, agent):
    answer = call(agent).put("presence", {"state": "asleep"})

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["state"])


def test_a_method_that_is_not_offered_is_told_in_our_words(client, call, agent):
    caller = call(agent)

    answer = client.delete(caller.url("inbox"), headers=caller.headers)

    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")


GETS = ["inbox", "inbox/{id}", "inbox/{id}/events"]
POSTS = [f"inbox/{{id}}/{verb}" for verb in ("claim", "messages", "notes", "typing", "return", "close")]


@pytest.mark.parametrize("path", GETS)
def test_reading_needs_the_inbox(call, reviewer, waiting, path):
    answer = call(reviewer).get(path.format(id=waiting.pk))

    assert answer.status_code == 403
    assert answer.json() == {"error": "not_permitted", "detail": "This needs the permission inbox.view"}


@pytest.mark.parametrize("path", [*POSTS, "inbox/claim-next"])
def test_acting_needs_the_permission_to_reply(call, reviewer, waiting, path):
    answer = call(reviewer).post(path.format(id=waiting.pk))

    assert answer.status_code == 403
    assert answer.json() == {"error": "not_permitted", "detail": "This needs the permission inbox.reply"}


@pytest.mark.parametrize("path", GETS)
def test_another_project_is_not_there_to_read(call, outsider, waiting, path):
    answer = call(outsider).get(path.format(id=waiting.pk))

    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found", "detail": "There is no such project"}


@pytest.mark.parametrize("path", [*POSTS, "inbox/claim-next"])
def test_another_project_is_not_there_to_act_in(call, outsider, waiting, path):
    assert call(outsider).post(path.format(id=waiting.pk)).status_code == 404


@pytest.mark.parametrize("conversation_id", ["00000000-0000-7000-8000-000000000000", "not-an-id"])
def test_an_unknown_conversation_is_not_found(call, agent, conversation_id):
    answer = call(agent).post(f"inbox/{conversation_id}/claim")

    assert answer.status_code == 404
    assert answer.json() == {"error": "not_found", "detail": "There is no such conversation"}


@pytest.fixture
def in_sandbox(release, project, cast):
    connector = Connector.objects.create(project=project, environment="sandbox", name="Try", hosts=["127.0.0.1"])
    conversation = open_session(connector=connector, options={})
    cast.hand_off(conversation)
    return conversation


def test_the_sandbox_is_not_seen_from_live(call, agent, in_sandbox):
    caller = call(agent)

    assert caller.get("inbox", view="waiting").json()["results"] == []
    assert caller.post(f"inbox/{in_sandbox.pk}/claim").status_code == 404
    assert caller.post("inbox/claim-next").status_code == 204


def test_the_sandbox_is_worked_in_the_sandbox(call, agent, in_sandbox):
    caller = call(agent)

    assert len(caller.get("inbox", view="waiting", environment="sandbox").json()["results"]) == 1
    assert caller.post(f"inbox/{in_sandbox.pk}/claim", environment="sandbox").status_code == 200


def test_an_environment_that_does_not_exist_is_a_field_error(call, agent):
    answer = call(agent).get("inbox", environment="staging")

    assert answer.json() == {"errors": {"environment": ["One of sandbox, live"]}}


def test_the_team_view_shows_what_colleagues_have(call, agent, other_agent, waiting):
    claim_conversation(conversation_id=waiting.pk, agent=other_agent, at=timezone.now())
    caller = call(agent)

    (row,) = caller.get("inbox", view="team").json()["results"]

    assert (row["owner"]["name"], row["mine"]) == ("Tomás Ribeiro", False)
    assert caller.get("inbox", view="mine").json()["results"] == []


@pytest.mark.parametrize("path", ["agent", "inbox"])
def test_an_environment_there_is_none_of_is_refused_also_where_nothing_depends_on_it(call, agent, release, path):
    answer = call(agent).get(path, environment="moon")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["environment"])
