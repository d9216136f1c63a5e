import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.domain.signing import BadSecret, BadSignature, check_secret, new_secret, sign, verify, verify_standard

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
BODY = b'{"event":"outcome.recorded","note":"caf\xc3\xa9"}'


def signed(*secrets: str, at: datetime = AT, body: bytes = BODY) -> dict[str, str]:
    return sign(secrets=secrets or (NEW,), event_id="evt-1", body=body, at=at)


def test_the_headers_are_what_the_interface_promises():
    expected = hmac.new(NEW.encode(), b"1772443800." + BODY, hashlib.sha256).hexdigest()
    headers = signed()
    assert headers["X-Studio-Timestamp"] == headers["webhook-timestamp"] == "1772443800"
    assert headers["X-Studio-Event-ID"] == headers["webhook-id"] == "evt-1"
    assert headers["X-Studio-Signature"] == expected
    assert len(headers) == 6


def test_the_standard_signature_agrees_with_the_published_example():
    # The example of the Standard Webhooks specification's own libraries.
    headers = sign(
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_call_is_accepted_whatever_the_case_of_the_header_names():
    headers = {name.upper(): value for name, value in signed().items()}
    verify(secrets=[NEW], headers=headers, body=BODY, at=AT)
    verify_standard(secrets=[NEW], headers=headers, body=BODY, at=AT)


def test_while_rotating_ours_is_signed_with_the_newest_and_the_standard_one_with_both():
    headers = signed(NEW, OLD)
    verify(secrets=[OLD, NEW], headers=headers, body=BODY, at=AT)
    with pytest.raises(BadSignature):
        verify(secrets=[OLD], headers=headers, body=BODY, at=AT)
    verify_standard(secrets=[OLD], headers=headers, body=BODY, at=AT)
    verify_standard(secrets=[NEW], headers=headers, body=BODY, at=AT)


@pytest.mark.parametrize("check", [verify, verify_standard])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers | {"X-Studio-Signature": "", "webhook-signature": ""},
        lambda headers: headers | {"X-Studio-Signature": "é\udcff", "webhook-signature": "v1,é\udcff"},
        lambda headers: headers | {"X-Studio-Timestamp": "1772443801", "webhook-timestamp": "1772443801"},
        lambda headers: (
            headers | {"X-Studio-Timestamp": "\u0661\u0667\u0667", "webhook-timestamp": "\u0661\u0667\u0667"}
        ),
        lambda headers: headers | {"X-Studio-Timestamp": "9" * 400, "webhook-timestamp": "9" * 400},
        lambda headers: {},
    ],
    ids=["empty", "not ascii", "another second", "arabic digits", "endless digits", "no headers"],
)
def test_a_spoiled_call_is_refused(check, spoil):
    with pytest.raises(BadSignature):
        check(secrets=[NEW, OLD], headers=spoil(signed()), body=BODY, at=AT)


@pytest.mark.parametrize("check", [verify, verify_standard])
def test_another_body_is_refused(check):
    with pytest.raises(BadSignature):
        check(secrets=[NEW], headers=signed(), body=BODY + b" ", at=AT)


def test_another_event_id_is_refused_by_the_standard_signature():
    with pytest.raises(BadSignature):
        verify_standard(secrets=[NEW], headers=signed() | {"webhook-id": "evt-2"}, body=BODY, at=AT)


@pytest.mark.parametrize("away", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_call_is_fresh_for_five_minutes_either_way(away):
    verify(secrets=[NEW], headers=signed(), body=BODY, at=AT + away)
    with pytest.raises(BadSignature, match="too far from now"):
        verify(secrets=[NEW], headers=signed(), body=BODY, at=AT + away * 1.01)


def test_fresh_secrets_are_good_and_differ():
    assert check_secret(new_secret()) != check_secret(new_secret())


@pytest.mark.parametrize(
    "text", ["", "hunter2", "whsec_", "whsec_%%%", "whsec_h\u00fcnter", "whsec_" + base64.b64encode(b"x" * 23).decode()]
)
def test_what_is_no_secret_is_refused_without_being_repeated(text):
    with pytest.raises(BadSecret) as refused:
        check_secret(text)
    assert not text.removeprefix("whsec_") or text not in str(refused.value)


@given(body=st.binary(max_size=300), seconds=st.integers(0, 4_000_000_000))
def test_whatever_was_signed_verifies(body, seconds):
    at = datetime.fromtimestamp(seconds, UTC)
    headers = sign(secrets=[NEW], event_id="e", body=body, at=at)
    verify(secrets=[OLD, NEW], headers=headers, body=body, at=at)
    verify_standard(secrets=[OLD, NEW], headers=headers, body=body, at=at)
