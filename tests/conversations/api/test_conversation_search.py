"""Searches and samples of the Conversations API: each call looks at so many conversations, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.models import Conversation
from conversations.selectors import conversations as listing
from conversations.services.sessions import open_session
from tests.keyed import program_of

ALL_TIME = {"start_time": "2000-01-01T00:00:00Z", "end_time": "2100-01-01T00:00:00Z"}
SEARCH = {"query_type": "transcript", "query": "parcel", **ALL_TIME}


@pytest.fixture
def program(project):
    program = program_of(project, ApiScope.CONVERSATIONS)
    program.version = "v3"
    return program


@pytest.fixture
def five(release, connector, cast) -> list[str]:
    """The newest first; in the oldest two somebody asks after a parcel."""
    opened = [open_session(connector=connector, options={}) for _ in range(5)]
    for conversation in opened[:2]:
        cast.customer_says(conversation, "Where is my parcel?")
    return [str(conversation.pk) for conversation in opened][::-1]


def walk(program, **query) -> list[list[str]]:
    pages, cursor = [], {}
    while True:
        body = program.get("conversations", **query, **cursor).json()
        assert "next_offset" not in body
        pages.append([told["id"] for told in body["conversations"]])
        if body["cursor"] is None:
            return pages
        cursor = {"cursor": body["cursor"]}


@pytest.mark.parametrize(
    ("at_once", "limit", "pages"),
    [
        (2_000, 10, [2]),
        (2_000, 1, [1, 1]),
        (2, 10, [0, 1, 1]),
        (3, 10, [0, 2]),
        (4, 10, [1, 1]),
        (5, 10, [2]),
        (4, 1, [1, 1]),
        (1, 10, [0, 0, 0, 1, 1]),
    ],
)
def test_a_search_goes_through_everything_in_pages_of_what_it_looked_at(
    program, five, monkeypatch, at_once, limit, pages
):
    monkeypatch.setattr(listing, "SEARCHED_AT_ONCE", at_once)

    walked = walk(program, limit=limit, **SEARCH)

    assert [len(page) for page in walked] == pages
    assert [pk for page in walked for pk in page] == five[3:]


def test_a_search_finds_all_of_one_instant(program, five, monkeypatch):
    monkeypatch.setattr(listing, "SEARCHED_AT_ONCE", 2)
    Conversation.objects.update(created_at=timezone.now())

    walked = walk(program, **SEARCH)

    assert sorted(pk for page in walked for pk in page) == sorted(five[3:])


def test_other_filters_do_not_widen_what_a_search_looks_at(program, five, monkeypatch):
    monkeypatch.setattr(listing, "SEARCHED_AT_ONCE", 2)

    assert [len(page) for page in walk(program, handoff="true", **SEARCH)] == [0, 0, 0]


def test_a_search_has_no_offset(program, five):
    answer = program.get("conversations", offset=2, **SEARCH)

    assert answer.status_code == 400
    assert "cursor" in answer.json()["error_message"]


def test_a_page_of_a_search_takes_one_statement_more_than_a_list(program, five):
    program.get("conversations", **SEARCH)

    with CaptureQueriesContext(connection) as captured:
        program.get("conversations", **SEARCH)

    assert sum("api_key" not in query["sql"] for query in captured) == 4


def test_a_sample_of_too_many_is_refused_and_says_what_to_do(program, five, monkeypatch):
    monkeypatch.setattr(listing, "SAMPLED_FROM", 4)

    answer = program.get("conversations", sample="random", **ALL_TIME)

    assert answer.status_code == 400
    assert "ask for a shorter time" in answer.json()["error_message"]


def test_a_sample_of_just_so_many_is_drawn(program, five, monkeypatch):
    monkeypatch.setattr(listing, "SAMPLED_FROM", 5)

    told = program.get("conversations", sample="random", **ALL_TIME).json()["conversations"]

    assert sorted(one["id"] for one in told) == sorted(five)


def test_a_sample_is_drawn_from_what_the_filters_leave_and_each_is_as_likely(program, five, cast):
    Conversation.objects.filter(pk__in=five[:3]).update(reason="refund")

    drawn = [
        program.get("conversations", sample="random", limit=1, reason="refund", **ALL_TIME).json()["conversations"]
        for _ in range(40)
    ]

    assert {one["id"] for (one,) in drawn} == set(five[:3])
