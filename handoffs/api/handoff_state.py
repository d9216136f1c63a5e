"""Handoff API, as published: `GET /v1/{account_id}/{project_id}/handoff_state?id=&shared_id=`, header `x-api-key`.

The one read a screen-pop makes with every call: an asynchronous view, one statement, and no serializer.
"""

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from conversations.access import ScopeMissing, WrongProject
from conversations.api.platform import API_KEY, NO_KEY, PlatformRefusal, calls_of, read_refusal, short_envelope
from conversations.domain.permissions import ApiScope
from conversations.services.api_keys import digest_of_key, is_use_noted
from conversations.services.throttle import TooManyTries, count_tries_async
from handoffs.domain.handoff_facts import tell_handoff
from handoffs.selectors.handoff_state import Row, Wanted, note_use_of_key, read_key_and_handoff

_notes: set[asyncio.Task[None]] = set()


@csrf_exempt
async def show_handoff_state(request: HttpRequest, account_id: str, project_id: str) -> HttpResponse:
    """The state kept with the newest handoff of a conversation, by its id or by the caller's `shared_id`."""
    if request.method != "GET":
        wrong = PlatformRefusal(405, "METHOD_NOT_ALLOWED", f'Method "{request.method}" not allowed.')
        return _refuse(wrong, Allow="GET")
    try:
        row = await _read(request, at=timezone.now())
        _check_key(row, account_id=account_id, project_id=project_id)
        return _answer(_tell_state(row, wanted=_wanted(request.GET)))
    except TooManyTries as error:
        return _refuse(error, **{"Retry-After": str(error.seconds)})
    except (PlatformRefusal, WrongProject, ScopeMissing) as error:
        return _refuse(error)


async def _read(request: HttpRequest, *, at: datetime) -> Row:
    """Count the call and read the key with its handoff. Raises TooManyTries, and PlatformRefusal without a key."""
    key = request.headers.get(API_KEY, "")
    await count_tries_async(calls_of(key), at=at)
    wanted = _wanted(request.GET) or Wanted()
    row = await read_key_and_handoff(digest=digest_of_key(key), wanted=wanted, at=at) if key else None
    if row is None:
        raise PlatformRefusal(401, "UNAUTHORIZED", NO_KEY)
    if is_use_noted(row["last_used_at"], at=at):
        _later(note_use_of_key(key_id=row["key_id"], at=at))
    return row


def _wanted(query: QueryDict) -> Wanted | None:
    """What is asked for; None when neither id is given. An id that cannot be one finds nothing."""
    shared_id, text = query.get("shared_id", ""), query.get("id", "")
    if shared_id:
        return Wanted(shared_id=shared_id.replace("\0", "\ufffd"))
    if not text:
        return None
    try:
        return Wanted(id=uuid.UUID(text))
    except ValueError:
        return Wanted()


def _check_key(row: Row, *, account_id: str, project_id: str) -> None:
    if (str(row["account_id"]), str(row["project_id"])) != (account_id, project_id):
        raise WrongProject
    if ApiScope.HANDOFF not in row["scopes"]:
        raise ScopeMissing(ApiScope.HANDOFF)


def _tell_state(row: Row, *, wanted: Wanted | None) -> dict[str, Any]:
    """`id`, `shared_id` and `data` as published; the rest under names of our own."""
    if wanted is None:
        raise PlatformRefusal(400, "VALIDATION_FAILED", "Either id or shared_id is needed")
    if row["id"] is None:
        raise PlatformRefusal(404, "NOT_FOUND", "There is no handoff state for this id")
    return {
        "id": str(row["conversation_id"]),
        "shared_id": row["shared_id"],
        "data": orjson.Fragment(row["data"]),
        "handoff_id": str(row["id"]),
        **tell_handoff(row),
        "matches": row["matches"],
    }


def _later(work: Coroutine[Any, Any, None]) -> None:
    """Do it beside the answer; a task nobody holds may be collected before it has run."""
    task = asyncio.get_running_loop().create_task(work)
    _notes.add(task)
    task.add_done_callback(_notes.discard)


def _answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=status)


def _refuse(error: Exception, **headers: str) -> HttpResponse:
    refusal = read_refusal(error, invalid="VALIDATION_FAILED")
    assert refusal is not None
    response = _answer(short_envelope(refusal.status_code, refusal.error, refusal.text), refusal.status_code)
    for name, value in headers.items():
        response.headers[name] = value
    return response
