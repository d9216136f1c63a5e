"""The list of handed-off conversations: what it tells, how it is narrowed, paged and bounded."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.models import Conversation, Event
from conversations.services.sessions import open_session


def url(name: str, conversation: Conversation) -> str:
    return reverse(name, args=[conversation.id])


def listed(page) -> list[str]:
    """The ids of the conversations a list shows, in its order."""
    return re.findall(r'href="/review/([0-9a-f-]{36})/', page.content.decode())


def test_a_conversation_that_was_handed_off_is_listed_with_what_became_of_it(closed, reviewer, browse):
    page = browse(reviewer).get(reverse("review"))

    assert listed(page) == [str(closed.id)]
    row = page.context["rows"][0]
    assert (row["reason"], row["reason_label"], row["destination_name"]) == (
        "needs_human",
        "Needs a person",
        "Billing",
    )
    assert (row["outcome"].label, row["outcome"].resolved) == ("Refund issued", True)
    assert (row["trigger"], row["verdict"]) == ("explicit_request", "")
    joined = Event.objects.get(conversation=closed, type="human.joined").created_at
    triggered = Event.objects.get(conversation=closed, type="handoff.triggered").created_at
    assert row["waited"] == joined - triggered


def test_a_conversation_the_ai_kept_is_not_listed(conversation, reviewer, browse):
    page = browse(reviewer).get(reverse("review"))

    assert listed(page) == []
    assert "Nothing was handed off yet" in page.content.decode()


def test_one_that_still_waits_has_no_wait_and_no_outcome_yet(waiting, reviewer, browse):
    row = browse(reviewer).get(reverse("review")).context["rows"][0]

    assert (row["waited"], row["outcome"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "is_listed"),
    [
        ("reason=needs_human", True),
        ("reason=complaint", False),
        ("destination=billing", True),
        ("destination=elsewhere", False),
        ("verdict=unreviewed", True),
        ("verdict=too_late", False),
        ("verdict=nonsense", True),
        ("q=CALL-7", True),
        ("q=call", True),
        ("q=other", False),
        ("environment=sandbox", False),
        ("environment=moon", True),
    ],
)
def test_the_list_is_narrowed_by_its_query(waiting, reviewer, browse, query, is_listed):
    Conversation.objects.filter(pk=waiting.pk).update(shared_id="call-7")

    page = browse(reviewer).get(reverse("review") + "?" + query)

    assert listed(page) == ([str(waiting.id)] if is_listed else [])


def test_an_id_finds_its_conversation(waiting, reviewer, browse):
    assert listed(browse(reviewer).get(reverse("review"), {"q": str(waiting.id)})) == [str(waiting.id)]


def test_a_judged_conversation_leaves_the_unjudged_and_is_found_by_its_verdict(waiting, reviewer, browse):
    client = browse(reviewer)
    client.post(url("review-verdict", waiting), {"verdict": "too_late", "comment": ""})

    assert listed(client.get(reverse("review"), {"verdict": "unreviewed"})) == []
    assert listed(client.get(reverse("review"), {"verdict": "too_late"})) == [str(waiting.id)]


def test_pages_hold_25_newest_first_and_cost_the_same_queries_however_many_there_are(
    release, connector, cast, reviewer, browse, django_assert_num_queries
):
    client = browse(reviewer)
    many = [open_session(connector=connector, options={}) for _ in range(27)]
    cast.hand_off(many[0])
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("review"))
    for conversation in many[1:]:
        cast.hand_off(conversation)

    with django_assert_num_queries(len(few)):
        first = client.get(reverse("review"))
    second = client.get(first.context["next_url"])

    newest_first = [str(conversation.id) for conversation in reversed(many)]
    assert listed(first) + listed(second) == newest_first
    assert (len(listed(first)), first.context["previous_url"]) == (25, None)
    assert second.context["next_url"] is None


def test_a_filter_stays_in_the_addresses_of_pages_and_rows(waiting, reviewer, browse):
    page = browse(reviewer).get(reverse("review"), {"reason": "needs_human"})

    assert page.context["rows"][0]["url"] == url("review-conversation", waiting) + "?reason=needs_human"
