import json
from datetime import timedelta

import pytest

from conversations.models import OutboxEntry, User
from integrations.models import Delivery, Sealed
from integrations.services.deliveries import (
    LEASE,
    NotReplayable,
    lease_due_delivery,
    replay_delivery,
    send_delivery,
    send_due,
    send_ping,
    store_result,
)
from integrations.services.webhook_endpoints import rotate_secret
from tests.emulators.http_receiver import NEVER, Answer, HttpReceiver

MINUTE = timedelta(minutes=1)


def run(at):
    """Send everything that is due at `at`, without jitter; return how many attempts that took."""
    attempts = 0
    while delivery := lease_due_delivery(at=at):
        store_result(delivery, send_delivery(delivery, at=at), at=at, jitter=0.0)
        attempts += 1
    return attempts


def test_a_delivery_arrives_signed_in_both_ways_and_is_done(receiver, new_delivery, at):
    delivery = new_delivery()
    assert run(at) == 1
    (came,) = receiver.calls
    assert came.is_signed
    assert came.is_signed_standard
    assert came.json == delivery.body
    assert came.event_id == came.headers["webhook-id"] == str(delivery.event_id)
    assert came.headers["content-type"] == "application/json"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)
    assert (delivery.delivered_at, delivery.response_excerpt, delivery.last_error) == (at, "ok", "")
    assert run(at + timedelta(days=1)) == 0


def test_custom_headers_go_along(receiver, new_endpoint, new_delivery, at):
    new_delivery(to=new_endpoint("with headers", headers=Sealed.of({"Authorization": "Bearer s3cr3t"})))
    run(at)
    assert receiver.calls[0].headers["authorization"] == "Bearer s3cr3t"


def test_a_custom_header_that_would_forge_ours_is_never_sent(receiver, new_endpoint, new_delivery, at):
    delivery = new_delivery(to=new_endpoint("forger", headers=Sealed.of({"x-studio-signature": "0"})))
    run(at)
    delivery.refresh_from_db()
    assert receiver.calls == []
    assert (delivery.state, delivery.last_error) == ("dead", "x-studio-signature is set by Handoff Studio")


def test_a_failing_receiver_is_tried_six_times_on_schedule_and_then_the_delivery_is_dead(receiver, new_delivery, at):
    delivery = new_delivery()
    receiver.will_answer(*[Answer(500, body=b"<h1>broken</h1>")] * 6)
    for minutes in (0, 1, 5, 15, 60, 240):
        at += minutes * MINUTE
        assert run(at - timedelta(microseconds=1)) == 0 or minutes == 0
        assert run(at) <= 1
    delivery.refresh_from_db()
    assert len(receiver.calls) == 6
    assert receiver.event_ids == {str(delivery.event_id)}
    assert len({call.body for call in receiver.calls}) == 1
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("dead", 6, 500)
    assert (delivery.last_error, delivery.response_excerpt) == ("The receiver answered 500", "<h1>broken</h1>")
    assert run(at + timedelta(days=9)) == 0


def test_a_receiver_that_recovers_gets_the_event_once_more_and_then_no_more(receiver, new_delivery, at):
    receiver.will_answer(Answer(503), Answer(204, body=b""))
    delivery = new_delivery()
    assert [run(at), run(at + MINUTE), run(at + timedelta(days=1))] == [1, 1, 0]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("delivered", 2, "")


def test_a_receiver_that_does_not_answer_in_time_is_tried_again(receiver, new_delivery, at, monkeypatch):
    monkeypatch.setattr("integrations.services.deliveries.SECONDS", 0.3)
    receiver.will_answer(NEVER)
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_attempt_at, delivery.last_status) == ("pending", at + MINUTE, None)
    assert delivery.last_error == "127.0.0.1 did not answer within 0.3 s"


def test_a_receiver_that_is_not_there_is_tried_again(new_endpoint, new_delivery, loopback_allowed, at):
    with HttpReceiver() as gone:
        url = gone.url
    delivery = new_delivery(to=new_endpoint("gone", url=url))
    run(at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_attempt_at) == ("pending", at + MINUTE)


@pytest.mark.parametrize(("asks", "minutes"), [("600", 10), ("5", 1), ("999999", 240), ("nonsense", 1)])
def test_a_receiver_that_asks_for_time_gets_it_within_reason(receiver, new_delivery, at, asks, minutes):
    receiver.will_answer(Answer(429, {"Retry-After": asks}))
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_attempt_at) == ("pending", at + minutes * MINUTE)
    assert delivery.last_status == 429


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "/elsewhere"])
def test_a_redirect_is_not_followed_and_counts_as_a_failure(receiver, new_delivery, at, location):
    receiver.will_answer(Answer(302, {"Location": location}))
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    assert len(receiver.calls) == 1
    assert delivery.state == "pending"
    assert delivery.last_error.startswith("The receiver answered 302: redirects are not followed")


def test_a_receiver_that_is_gone_for_good_is_not_tried_again(receiver, new_delivery, at):
    receiver.will_answer(Answer(410))
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_status) == ("dead", 410)


def test_an_endpoint_inside_our_network_is_refused_and_nothing_is_sent(receiver, new_delivery, at, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    assert receiver.calls == []
    assert (delivery.state, delivery.last_error) == ("dead", "127.0.0.1 is not a public address (loopback)")


def test_a_secret_that_cannot_be_opened_leaves_a_dead_delivery_that_says_so(receiver, new_delivery, at, settings):
    delivery = new_delivery()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", []
    run(at)
    delivery.refresh_from_db()
    assert receiver.calls == []
    assert delivery.state == "dead"
    assert "which this installation does not have" in delivery.last_error


def test_deliveries_of_one_conversation_arrive_in_order_and_a_later_one_waits(receiver, new_delivery, at):
    first, second = new_delivery("talk-1"), new_delivery("talk-1")
    other = new_delivery("talk-2")
    receiver.will_answer(Answer(500))
    assert run(at) == 2
    assert [call.event_id for call in receiver.calls] == [str(first.event_id), str(other.event_id)]
    assert run(at + MINUTE) == 2
    assert [call.event_id for call in receiver.calls[2:]] == [str(first.event_id), str(second.event_id)]


def test_after_a_dead_delivery_the_next_one_of_its_conversation_goes(receiver, new_delivery, at):
    receiver.will_answer(Answer(410))
    new_delivery("talk-1")
    second = new_delivery("talk-1")
    assert run(at) == 2
    second.refresh_from_db()
    assert second.state == "delivered"


def test_a_delivery_waits_for_an_earlier_event_that_is_not_yet_fanned_out(receiver, talk, new_delivery, at):
    entry = OutboxEntry.objects.create(topic="webhook.emit", conversation_id=talk.id)
    unrelated = OutboxEntry.objects.create(topic="turn.due", conversation_id=talk.id)
    new_delivery(str(talk.id), conversation_id=talk.id, position=unrelated.pk + 1)
    assert run(at) == 0
    entry.delete()
    assert run(at) == 1


def test_one_endpoint_does_not_wait_for_another(receiver, new_endpoint, new_delivery, at):
    with HttpReceiver() as gone:
        url = gone.url
    new_delivery("talk-1", to=new_endpoint("gone", url=url))
    fine = new_delivery("talk-1")
    assert run(at) == 2
    assert receiver.event_ids == {str(fine.event_id)}


def test_a_slow_endpoint_holds_two_senders_and_not_more(new_endpoint, new_delivery, at):
    slow, quick = new_endpoint("slow"), new_endpoint("quick")
    for number in range(4):
        new_delivery(f"talk-{number}", to=slow)
    new_delivery("talk-9", to=quick, next_attempt_at=at + timedelta(microseconds=1))
    leased = [lease_due_delivery(at=at + timedelta(seconds=1)) for _ in range(4)]
    assert [delivery and delivery.endpoint for delivery in leased] == [slow, slow, quick, None]


def test_an_endpoint_that_is_off_keeps_its_deliveries_until_it_is_on(receiver, endpoint, new_delivery, at):
    new_delivery()
    endpoint.is_active = False
    endpoint.save()
    assert run(at) == 0
    endpoint.is_active = True
    endpoint.save()
    assert run(at) == 1


def test_a_sender_that_dies_between_sending_and_storing_makes_a_repeat_of_the_same_event(receiver, new_delivery, at):
    delivery = new_delivery()
    send_delivery(lease_due_delivery(at=at), at=at)  # and here the process is killed
    assert run(at + LEASE - timedelta(microseconds=1)) == 0
    assert run(at + LEASE) == 1
    delivery.refresh_from_db()
    assert len(receiver.calls) == 2
    assert receiver.event_ids == {str(delivery.event_id)}
    assert (delivery.state, delivery.attempts) == ("delivered", 2)


def test_a_result_that_comes_after_its_lease_was_taken_over_is_dropped(receiver, new_delivery, at):
    delivery = new_delivery()
    late = lease_due_delivery(at=at)
    attempt = send_delivery(late, at=at)
    lease_due_delivery(at=at + LEASE)
    assert store_result(late, attempt, at=at + LEASE) is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sending", 2)


def test_a_delivery_at_which_senders_keep_dying_goes_back_to_the_schedule_and_ends_with_it(new_delivery, at):
    delivery = new_delivery()
    assert lease_due_delivery(at=at)
    at += LEASE
    assert lease_due_delivery(at=at)  # the first death costs no wait
    for attempts, minutes in ((2, 5), (3, 15), (4, 60), (5, 240)):
        at += LEASE
        assert lease_due_delivery(at=at) is None
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("pending", attempts)
        assert at + minutes * MINUTE <= delivery.next_attempt_at <= at + minutes * 1.1 * MINUTE
        at = delivery.next_attempt_at
        assert lease_due_delivery(at=at)
    assert lease_due_delivery(at=at + LEASE) is None
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("dead", 6)
    assert delivery.last_error == "The attempt was cut off before its result was known"


def test_a_dead_delivery_is_replayed_under_its_old_id_with_a_new_series(receiver, new_delivery, at):
    receiver.will_answer(Answer(410), Answer(500))
    delivery = new_delivery()
    run(at)
    delivery.refresh_from_db()
    replay_delivery(delivery=delivery, at=at)
    assert [run(at), run(at + MINUTE)] == [1, 1]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    assert receiver.event_ids == {str(delivery.event_id)}


@pytest.mark.parametrize("state", ["pending", "sending", "delivered"])
def test_only_a_dead_delivery_is_replayed(new_delivery, at, state):
    delivery = new_delivery()
    if state != "pending":
        leased = lease_due_delivery(at=at)
    if state == "delivered":
        store_result(leased, send_delivery(leased, at=at), at=at)
    with pytest.raises(NotReplayable):
        replay_delivery(delivery=delivery, at=at)
    delivery.refresh_from_db()
    assert delivery.state == state


def test_a_ping_reaches_an_endpoint_whatever_it_asks_for(receiver, new_endpoint, at):
    endpoint = new_endpoint("picky", events=["handoff.queued"])
    delivery = send_ping(endpoint=endpoint, at=at)
    assert run(at) == 1
    assert receiver.calls[0].json == {
        "id": str(delivery.event_id),
        "event": "ping",
        "occurred_at": at.isoformat(),
        "project_id": str(endpoint.project_id),
        "environment": "live",
        "data": {"endpoint": "picky"},
    }


def test_after_a_rotation_both_secrets_are_good_and_after_the_overlap_only_the_new_one(
    receiver, endpoint, new_delivery, secret, at
):
    user = User.objects.create_user("maya@shop.example", full_name="Maya Okafor")
    fresh = rotate_secret(endpoint=endpoint, user=user, at=at)
    new_delivery("talk-1")
    run(at)
    assert not receiver.calls[0].is_signed
    assert receiver.calls[0].is_signed_standard  # with the old secret, which the receiver still has
    receiver.secrets = [fresh]
    new_delivery("talk-2")
    run(at)
    assert receiver.calls[1].is_signed
    endpoint.refresh_from_db()
    assert endpoint.secrets_at(at) == [fresh, secret]
    assert endpoint.secrets_at(at + timedelta(hours=24)) == [fresh]


def test_no_secret_and_no_body_shows_in_logs_or_rows(receiver, new_endpoint, new_delivery, secret, at, caplog):
    endpoint = new_endpoint("token", url=receiver.url + "/t0k3n", headers=Sealed.of({"Authorization": "Bearer s3cr3t"}))
    new_delivery(to=endpoint)
    receiver.will_answer(Answer(500))
    with caplog.at_level("DEBUG", logger="integrations"):
        run(at)
    shown = caplog.text + repr(list(Delivery.objects.values())) + repr(endpoint) + repr(vars(endpoint))
    for private in (secret, "Bearer s3cr3t", "Bearer"):
        assert private not in shown
    for private in ("t0k3n", "Caf\u00e9"):
        assert private not in caplog.text


def test_sending_what_is_due_ends_when_nothing_is(receiver, new_delivery, at):
    for number in range(3):
        new_delivery(f"talk-{number}")
    assert send_due(clock=lambda: at) == 3
    assert send_due(clock=lambda: at) == 0
    assert len(receiver.calls) == 3


def test_a_worker_gives_way_when_its_turn_is_over(receiver, new_delivery, at):
    for number in range(3):
        new_delivery(f"talk-{number}")
    moments = iter([at, at, at, at, at, at + MINUTE, at + MINUTE])
    assert send_due(clock=lambda: next(moments)) == 1
    assert len(receiver.calls) == 1


def test_the_body_is_sent_as_plain_utf8(receiver, new_delivery, at):
    new_delivery(body={"b": "Caf\u00e9", "a": [1, None, True]})
    run(at)
    assert receiver.calls[0].body == '{"a":[1,null,true],"b":"Caf\u00e9"}'.encode()
    assert json.loads(receiver.calls[0].body)["b"] == "Caf\u00e9"
