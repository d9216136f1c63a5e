"""The customer's own app says what became of the handoff it was asked to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.domain.frames import customer_frame
from conversations.models import Conversation, Event
from conversations.selectors.timeline import events_after
from conversations.services.access_tokens import issue_access_token
from conversations.services.sessions import open_session
from handoffs.management.commands.handoff import write_explanation
from handoffs.models import Destination, Handoff
from handoffs.selectors.explanations import explain_handoff
from handoffs.selectors.handoffs_api import describe_handoff
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release


@pytest.fixture
def conversation(release, connector) -> Conversation:
    """A session whose app takes its customers to people itself."""
    return open_session(connector=connector, options={"metadata": {"custom": {"handoff": "client"}}})


@pytest.fixture
def asked(conversation, cast) -> Conversation:
    """Its app has been asked."""
    cast.hand_off(conversation)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def report(client, connector):
    token = issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now())

    def one(conversation, body: object, *, bearer: str = token, **headers: str):
        url = f"/api/v1/sessions/{conversation.pk}/handoff/client-result"
        given = {"Authorization": f"Bearer {bearer}", **headers}
        return client.post(url, body, content_type="application/json", headers=given)

    return one


def kinds(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


def test_the_app_is_asked_before_the_ai_leaves(asked):
    public = [kind for kind in kinds(asked) if kind != "handoff.changed"]

    assert public[-4:] == ["ai.message", "handoff.triggered", "handoff.client_required", "ai.left"]


def test_what_the_app_has_completed_ends_the_session(asked, report):
    answer = report(asked, {"outcome": "completed", "note": "Phone call with Maya"})

    assert (answer.status_code, answer.json()) == (
        200,
        {"session_id": str(asked.pk), "handoff_id": str(asked.handoff_id), "state": "completed"},
    )
    asked.refresh_from_db()
    assert asked.ended_at is not None
    assert Handoff.objects.get().cause == "client_reported"
    assert kinds(asked)[-1] == "session.ended"


def test_what_the_app_could_not_do_is_followed_up_by_the_policy(asked, report):
    answer = report(asked, {"outcome": "failed"})

    assert (answer.status_code, answer.json()["state"]) == (200, "failed")
    assert "handoff.failed" in kinds(asked)
    assert Conversation.objects.get(pk=asked.pk).is_ticket


def test_a_report_that_comes_twice_is_one(asked, report):
    first = report(asked, {"outcome": "completed"})
    before = kinds(asked)

    again = report(asked, {"outcome": "completed"})

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert kinds(asked) == before


def test_the_app_is_told_which_try_it_is_asked_for(asked):
    (told,) = [event for event in events_after(asked.pk) if event.type == "handoff.client_required"]

    frame = customer_frame(told)
    assert frame is not None
    assert frame["metadata"] == {"custom": {"handoff_id": str(asked.handoff_id)}}
    assert set(frame["payload"]) == {"reason", "queue_name"}


@pytest.fixture
def tried_again(project, owner, connector, cast, report) -> tuple[str, Conversation]:
    """The app could not do it, and has been asked again. The first try's id comes with it."""
    Destination.objects.filter(project=project).update(after_timeout="retry", retry_seconds=5)
    publish_release(project=project, publisher=owner, at=timezone.now())
    asked = open_session(connector=connector, options={"metadata": {"custom": {"handoff": "client"}}})
    first = str(cast.hand_off(asked).pk)
    report(asked, {"outcome": "failed", "handoff_id": first})
    sweep_deadlines(at=timezone.now() + timedelta(seconds=6))
    asked.refresh_from_db()
    assert (asked.handoff_state, Handoff.objects.count()) == ("client_required", 2)
    return first, asked


def test_what_comes_late_of_an_earlier_try_is_refused_and_the_newer_one_goes_on(tried_again, report):
    first, asked = tried_again

    answer = report(asked, {"outcome": "completed", "handoff_id": first})

    assert (answer.status_code, answer.json()["error"]) == (409, "not_client_required")
    asked.refresh_from_db()
    assert (asked.ended_at, asked.handoff_state) == (None, "client_required")
    done = report(asked, {"outcome": "completed", "handoff_id": str(asked.handoff_id)})
    assert (done.status_code, done.json()["handoff_id"]) == (200, str(asked.handoff_id))


def test_what_comes_twice_of_an_earlier_try_changes_nothing(tried_again, report):
    first, asked = tried_again

    answer = report(asked, {"outcome": "failed", "handoff_id": first})

    assert (answer.status_code, answer.json()["state"]) == (200, "failed")
    assert Handoff.objects.filter(state="client_required").count() == 1


def test_a_handoff_of_another_session_is_none_of_this_one(asked, report, connector, cast):
    other = open_session(connector=connector, options=asked.options)
    cast.hand_off(other)
    other.refresh_from_db()

    answer = report(asked, {"outcome": "completed", "handoff_id": str(other.handoff_id)})

    assert (answer.status_code, answer.json()["error"]) == (409, "not_client_required")
    assert Handoff.objects.filter(state="client_required").count() == 2


def test_what_the_app_says_to_it_stands_in_the_history_and_in_the_explanation(asked, report):
    report(asked, {"outcome": "completed", "note": "Phone call with Maya"})

    handoff = Handoff.objects.get()
    assert handoff.history[-1]["note"] == "Phone call with Maya"
    assert describe_handoff(handoff)["history"][-1]["note"] == "Phone call with Maya"
    assert "completed: Phone call with Maya" in "\n".join(write_explanation(explain_handoff(handoff.pk)))


def test_another_report_after_the_first_is_refused(asked, report):
    report(asked, {"outcome": "completed"})

    answer = report(asked, {"outcome": "failed"})

    assert (answer.status_code, answer.json()["error"]) == (409, "not_client_required")
    assert Handoff.objects.get().state == "completed"


def test_who_was_asked_nothing_has_nothing_to_report(conversation, report):
    answer = report(conversation, {"outcome": "completed"})

    assert (answer.status_code, answer.json()["error"]) == (409, "not_client_required")


def test_who_waits_for_a_person_of_ours_has_nothing_to_report(release, connector, cast, report):
    waiting = open_session(connector=connector, options={})
    cast.hand_off(waiting)

    answer = report(waiting, {"outcome": "completed"})

    assert (answer.status_code, answer.json()["error"]) == (409, "not_client_required")
    assert Handoff.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "outcome"),
        ({"outcome": "maybe"}, 422, "outcome"),
        ({"outcome": "completed", "note": "x" * 2001}, 422, "note"),
        ({"outcome": "completed", "note": "a\u0000b"}, 422, "note"),
        ([], 422, "non_field_errors"),
    ],
)
def test_what_is_no_report_is_refused_by_its_field(asked, report, body, status, said):
    answer = report(asked, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [said])
    assert Handoff.objects.get().state == "client_required"


def test_what_is_no_json_is_refused(asked, report):
    answer = report(asked, "{")

    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request", "detail": "Error parsing request"})


def test_another_token_reports_nothing(asked, report, project):
    answer = report(asked, {"outcome": "completed"}, bearer="nonsense")

    assert (answer.status_code, answer.json()["detail"]) == (401, "Invalid access token")


def test_another_session_is_not_found(asked, report):
    asked.pk = "01a1fbd3-364a-7010-b953-685fb600638c"

    answer = report(asked, {"outcome": "completed"})

    assert (answer.status_code, answer.json()["detail"]) == (404, "session not found")
