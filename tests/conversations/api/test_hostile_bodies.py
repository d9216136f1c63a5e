"""Whatever a program sends to a keyed address, it gets a refusal in that interface's own body and nothing happens."""

import pytest

from conversations.domain.permissions import ApiScope
from conversations.models import Conversation, Event, Outcome
from tests.conversations.api.conftest import key_for

BODIES = (
    b"[" * 50_000,
    b'{"message": "\\ud800"}',
    b"\xff",
    b"null",
    b"7",
    b'"x"',
    b"[1]",
    b"{",
    b'{"conversation_id": {}}',
)
ADDRESSES = {
    "chat/create": ("post", ApiScope.CHAT),
    "chat/respond": ("post", ApiScope.CHAT),
    "chat/close": ("put", ApiScope.CHAT),
    "outcomes/case-7": ("put", ApiScope.OUTCOMES),
}


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_body_breaks_an_address(client, project, release, connector, path):
    method, scope = ADDRESSES[path]
    headers = {"x-api-key": key_for(project, scope), "X-TOKEN": connector.token, "Idempotency-Key": "once"}
    url = f"/v1/{project.account_id}/{project.pk}/{path}"

    for body in BODIES:
        if path == "chat/create" and body == b'{"conversation_id": {}}':
            continue  # a field of others: not looked at
        answer = getattr(client, method)(url, body, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 422), (body[:30], answer.content)
        assert set(answer.json()) <= {"success", "error", "error_id", "error_code", "error_message", "data"} | {
            "detail", "errors",
        }  # fmt: skip

    kind = getattr(client, method)(url, b"a=1", content_type="application/x-www-form-urlencoded", headers=headers)
    assert kind.status_code == 415
    assert not Conversation.objects.exists()
    assert not Outcome.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_malformed_key_of_a_repeat_is_refused(client, project, release, connector, key):
    headers = {"x-api-key": key_for(project, ApiScope.CHAT), "X-TOKEN": connector.token, "Idempotency-Key": key}
    answer = client.post(
        f"/v1/{project.account_id}/{project.pk}/chat/create", {}, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["error_code"]) == (400, "SCHEMA_VALIDATION_FAILED")
    assert not Conversation.objects.exists()
