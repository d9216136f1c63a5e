import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from django.db import connection
from django.test import AsyncClient
from django.utils import timezone

from conversations.database import async_pool, close_async_pool
from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import Account, ApiKey, Conversation, Project
from conversations.services.api_keys import revoke_api_key
from conversations.services.sessions import open_session
from handoffs.api.handoff_state import _notes
from handoffs.models import Handoff
from tests.keyed import Program, program_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture(autouse=True)
async def _pool():
    yield
    await asyncio.gather(*_notes)
    await close_async_pool()


async def change(model, pk, **columns):
    await model.objects.filter(pk=pk).aupdate(**columns)


async def test_it_tells_what_was_kept_with_the_handoff_of_a_conversation(program, waiting):
    await change(Handoff, waiting.handoff_id, data={"order": 7, "nested": {"a": [1]}})
    await change(Conversation, waiting.pk, shared_id="call-1")
    handoff = await Handoff.objects.aget()
    answer = await program.aget("handoff_state", id=str(waiting.pk))
    assert answer.status_code == 200
    body = answer.json()
    published = {name: body[name] for name in ("id", "shared_id", "data")}
    assert published == {"id": str(waiting.pk), "shared_id": "call-1", "data": {"order": 7, "nested": {"a": [1]}}}
    assert body["state"] == "handoff_initiated"
    assert (body["lifecycle_state"], body["handoff_id"], body["root_handoff_id"], body["matches"]) == (
        "queued", str(handoff.pk), str(handoff.pk), 1,
    )  # fmt: skip
    assert (body["reason"], body["utterance"], body["destination"], body["trigger"]) == (
        "needs_human", "I'm passing you on.", "billing", "explicit_request",
    )  # fmt: skip
    assert (bool(body["initiated_at"]), bool(body["accepted_at"])) == (True, True)
    assert body["joined_at"] is body["ended_at"] is None


async def test_a_handoffs_own_id_finds_it_as_well(program, waiting):
    answer = await program.aget("handoff_state", id=str(waiting.handoff_id))
    assert answer.json()["id"] == str(waiting.pk)


async def test_a_shared_id_wins_and_its_newest_handoff_is_told(program, waiting, connector, cast):
    def another():
        opened = open_session(connector=connector, options={})
        cast.hand_off(opened)
        Conversation.objects.update(shared_id="crm-7")
        return open_session(connector=connector, options={})

    never_handed_off = await asyncio.to_thread(closing(another))
    await change(Conversation, never_handed_off.pk, shared_id="crm-7")
    answer = await program.aget("handoff_state", shared_id="crm-7", id=str(waiting.pk))
    newest = await Handoff.objects.order_by("-initiated_at").afirst()
    assert answer.json()["id"] == str(newest.conversation_id) != str(waiting.pk)
    assert answer.json()["matches"] == 2


def closing(function):
    def call():
        try:
            return function()
        finally:
            connection.close()

    return call


@pytest.mark.parametrize(
    ("state", "published"),
    [("active", "handoff_completed"), ("timed_out", "handoff_failed"), ("client_required", "handoff_initiated")],
)
async def test_the_state_is_the_published_one(program, waiting, state, published):
    await change(Handoff, waiting.handoff_id, state=state)
    answer = await program.aget("handoff_state", id=str(waiting.pk))
    assert (answer.json()["state"], answer.json()["lifecycle_state"]) == (published, state)


async def test_a_custom_state_replaces_it_and_the_mapped_one_stays_in_the_history(program, waiting):
    at = "2026-11-21T12:00:00.000Z"
    history = [{"state": "queued", "at": at}, {"state": "queued", "custom_state": "customer_refund", "at": at}]
    await change(Handoff, waiting.handoff_id, custom_state="customer_refund", history=history)
    body = (await program.aget("handoff_state", id=str(waiting.pk))).json()
    assert body["state"] == "customer_refund"
    assert [entry["state"] for entry in body["history"]] == ["handoff_initiated", "customer_refund"]
    assert {entry["lifecycle_state"] for entry in body["history"]} == {"queued"}


async def test_without_an_id_it_says_what_is_needed(program):
    answer = await program.aget("handoff_state", shared_id="", id="")
    assert (answer.status_code, answer.json()) == (400, {"error_message": "Either id or shared_id is needed"})


@pytest.mark.parametrize("query", [{"id": str(uuid4())}, {"id": "abc"}, {"shared_id": "a\0b"}, {"shared_id": "none"}])
async def test_what_nobody_handed_off_is_not_found(program, conversation, query):
    answer = await program.aget("handoff_state", **query)
    assert (answer.status_code, answer.json()) == (404, {"error_message": "There is no handoff state for this id"})


async def test_a_conversation_that_was_not_handed_off_has_no_state(program, conversation):
    assert (await program.aget("handoff_state", id=str(conversation.pk))).status_code == 404


@pytest.mark.parametrize("key", ["", "hs_unknown"])
async def test_without_a_key_nothing_is_told(project, waiting, key):
    answer = await Program(project, key).aget("handoff_state", id=str(waiting.pk))
    assert answer.status_code == 401
    assert list(answer.json()) == ["error_message"]


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
async def test_an_ended_key_is_none(program, waiting, column):
    await ApiKey.objects.aupdate(**{column: timezone.now() - timedelta(seconds=1)})
    assert (await program.aget("handoff_state", id=str(waiting.pk))).status_code == 401


async def test_a_key_without_the_scope_or_for_another_project_is_refused(project, program, waiting):
    chat = await asyncio.to_thread(closing(lambda: program_of(project, ApiScope.CHAT)))
    answer = await chat.aget("handoff_state", id=str(waiting.pk))
    assert (answer.status_code, answer.json()) == (
        403, {"error_message": "This needs an API key with the scope handoff"},
    )  # fmt: skip
    stranger = await Project.objects.acreate(account=await Account.objects.acreate(name="B"), name="B")
    answer = await Program(stranger, program.key).aget("handoff_state", id=str(waiting.pk))
    assert (answer.status_code, answer.json()) == (403, {"error_message": "This API key does not open this project"})


async def test_a_key_of_the_sandbox_sees_nothing_of_live(project, waiting):
    sandbox = await asyncio.to_thread(
        closing(lambda: program_of(project, ApiScope.HANDOFF, environment=Environment.SANDBOX))
    )
    assert (await sandbox.aget("handoff_state", id=str(waiting.pk))).status_code == 404


async def test_its_use_is_noted_once_a_minute(program, waiting):
    await program.aget("handoff_state", id=str(waiting.pk))
    await asyncio.gather(*_notes)
    first = (await ApiKey.objects.aget()).last_used_at
    assert first is not None
    await program.aget("handoff_state", id=str(waiting.pk))
    assert not _notes
    assert (await ApiKey.objects.aget()).last_used_at == first


async def test_too_many_calls_are_told_when_to_come_again(program, waiting, settings):
    settings.API_CALLS_PER_MINUTE = 3
    answers = [await program.aget("handoff_state", id=str(waiting.pk)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].json()["error_message"].startswith("Too many calls with this key")


async def test_other_methods_are_not_allowed(program):
    answer = await AsyncClient(enforce_csrf_checks=True).post(program.url("handoff_state"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json() == {"error_message": 'Method "POST" not allowed.'}


async def test_one_statement_reads_it(program, waiting, monkeypatch):
    await program.aget("handoff_state", id=str(waiting.pk))
    await asyncio.gather(*_notes)
    asked = []
    kind = (await async_pool()).connection_class
    execute = kind.execute

    async def counted(self, query, *args, **more):
        asked.append(query)
        return await execute(self, query, *args, **more)

    monkeypatch.setattr(kind, "execute", counted)
    await program.aget("handoff_state", id=str(waiting.pk))
    assert len([query for query in asked if "FROM api_key" in str(query)]) == len(asked) - asked.count("") == 1


async def test_a_revoked_key_is_refused_at_once(program, waiting, owner):
    key = await ApiKey.objects.aget()
    await asyncio.to_thread(closing(lambda: revoke_api_key(key=key, user=owner, at=timezone.now())))
    assert (await program.aget("handoff_state", id=str(waiting.pk))).status_code == 401
