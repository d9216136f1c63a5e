"""Where a handoff goes, by configuration and by the clock."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversations.domain.vocabulary import Channel
from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig, QueueConfig, ReasonConfig
from handoffs.domain.lifecycle import Cause
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from handoffs.domain.routing import Arrival, Consideration, Route, find_route, leads_elsewhere
from handoffs.domain.sip.voice import VoiceConfig

BILLING = DestinationConfig("billing", "Billing", queue="billing", is_default=True)
COMPLAINTS = DestinationConfig("complaints", "Complaints", queue="complaints", fallback="billing")
OFFICE = ScheduleConfig(
    "office",
    "Office hours",
    "Europe/London",
    tuple(IntervalConfig(day, "09:00", "17:00") for day in range(5)),
    holidays=(HolidayConfig("12-25", "Christmas Day"),),
)
NIGHT = ScheduleConfig("night", "Night", "UTC", tuple(IntervalConfig(day, "20:00", "02:00") for day in range(7)))
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def config(
    *,
    billing_on: bool = True,
    complaints_on: bool = True,
    billing: DestinationConfig = BILLING,
    complaints: DestinationConfig = COMPLAINTS,
) -> ProjectConfig:
    return ProjectConfig(
        destinations=(billing, complaints),
        queues=(QueueConfig("billing", "Billing", billing_on), QueueConfig("complaints", "Complaints", complaints_on)),
        reasons=(ReasonConfig("complaint", "Complaint", destination="complaints"),),
        schedules=(OFFICE, NIGHT),
    )


def route_of(configuration: ProjectConfig, *, asked_for: str = "", reason: str = "", at: datetime = MONDAY_NOON):
    return find_route(configuration, asked_for=asked_for, reason=reason, at=at)


def closing(destination: DestinationConfig, policy: OutOfHours, **changes) -> DestinationConfig:
    return replace(destination, schedule="office", out_of_hours=policy, **changes)


def test_the_destination_asked_for_comes_first():
    assert route_of(config(), asked_for="complaints").destination == COMPLAINTS


def test_then_the_reasons_destination():
    assert route_of(config(), reason="complaint").destination == COMPLAINTS


def test_then_the_default_also_for_an_unknown_destination():
    assert route_of(config(), asked_for="nowhere").destination == BILLING


def test_a_queue_that_is_off_leads_to_the_fallback_and_the_trace_says_so():
    route = route_of(config(complaints_on=False), asked_for="complaints")

    assert route.arrival is Arrival.QUEUE
    assert route.queue is not None
    assert route.queue.key == "billing"
    assert route.considered == (Consideration("complaints", "queue_off"), Consideration("billing", "queue_on"))


def test_a_chain_that_ends_nowhere_says_why():
    route = route_of(config(billing_on=False, complaints_on=False), asked_for="complaints")

    assert (route.arrival, route.queue, route.cause) == (Arrival.NOBODY, None, Cause.QUEUE_OFF)


def test_a_loop_of_fallbacks_is_cut():
    looping = DestinationConfig("billing", "Billing", queue="billing", is_default=True, fallback="complaints")

    route = route_of(config(billing_on=False, complaints_on=False, billing=looping))

    assert (route.arrival, route.queue, route.cause) == (Arrival.NOBODY, None, Cause.LOOP_GUARD)
    assert len(route.considered) == 2


def test_without_a_destination_there_is_no_route():
    assert route_of(ProjectConfig()).cause is Cause.NO_DESTINATION


@pytest.mark.parametrize(
    ("policy", "arrival", "queue", "cause", "finding"),
    [
        (OutOfHours.QUEUE, Arrival.QUEUE, "billing", None, "queue_on"),
        (OutOfHours.AI, Arrival.AI, None, Cause.OUT_OF_HOURS, "closed_ai"),
        (OutOfHours.MESSAGE, Arrival.MESSAGE, "billing", Cause.OUT_OF_HOURS, "closed_message"),
        (OutOfHours.FALLBACK, Arrival.NOBODY, None, Cause.OUT_OF_HOURS, "closed_fallback"),
    ],
)
def test_a_closed_destination_does_what_its_policy_says(policy, arrival, queue, cause, finding):
    route = route_of(config(billing=closing(BILLING, policy)), at=SATURDAY_NOON)

    assert (route.arrival, route.queue.key if route.queue else None, route.cause) == (arrival, queue, cause)
    assert route.considered == (Consideration("billing", finding, "closed", "2026-11-23T09:00:00+00:00"),)
    assert (route.next_opening, route.time_zone) == (datetime(2026, 11, 23, 9, tzinfo=UTC), "Europe/London")


@pytest.mark.parametrize("policy", OutOfHours)
def test_an_open_destination_queues_whatever_its_policy(policy):
    route = route_of(config(billing=closing(BILLING, policy)))

    assert (route.arrival, route.cause, route.next_opening) == (Arrival.QUEUE, None, None)
    assert route.considered == (Consideration("billing", "queue_on", "open", "2026-11-23T17:00:00+00:00"),)


def test_the_fallback_of_a_closed_destination_is_asked_for_its_own_hours():
    complaints = closing(COMPLAINTS, OutOfHours.FALLBACK)
    billing = replace(BILLING, schedule="night", out_of_hours=OutOfHours.MESSAGE)

    route = route_of(config(billing=billing, complaints=complaints), asked_for="complaints", at=SATURDAY_NOON)

    assert route.arrival is Arrival.MESSAGE
    assert [item.finding for item in route.considered] == ["closed_fallback", "closed_message"]
    assert (route.next_opening, route.time_zone) == (datetime(2026, 11, 21, 20, tzinfo=UTC), "UTC")


def test_the_trace_names_the_holiday():
    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)

    route = route_of(config(billing=closing(BILLING, OutOfHours.MESSAGE)), at=christmas)

    assert route.considered[0].holiday == "Christmas Day"


def test_a_queue_that_is_off_is_not_queued_into_out_of_hours():
    complaints = closing(COMPLAINTS, OutOfHours.QUEUE)

    route = route_of(config(complaints_on=False, complaints=complaints), asked_for="complaints", at=SATURDAY_NOON)

    assert route.destination == BILLING


def test_a_schedule_that_never_opens_has_no_opening():
    shut = ScheduleConfig("shut", "Shut", "UTC")
    configuration = replace(config(billing=replace(BILLING, schedule="shut")), schedules=(shut,))

    route = route_of(configuration)

    assert (route.arrival, route.next_opening) == (Arrival.MESSAGE, None)
    assert route.considered == (Consideration("billing", "closed_message", "closed"),)


def test_a_schedule_nobody_has_counts_as_always_open():
    assert route_of(config(billing=replace(BILLING, schedule="gone")), at=SATURDAY_NOON).arrival is Arrival.QUEUE


def test_a_destination_for_calls_only_leads_to_its_fallback():
    calls = replace(COMPLAINTS, desk="")

    route = route_of(config(complaints=calls), asked_for="complaints")

    assert (route.arrival, route.destination) == (Arrival.QUEUE, BILLING)
    assert route.considered[0] == Consideration("complaints", "no_text_route")


def test_a_destination_for_calls_only_without_a_fallback_leads_to_the_default():
    calls = replace(COMPLAINTS, desk="", fallback="")

    assert route_of(config(complaints=calls), asked_for="complaints").destination == BILLING


@pytest.mark.parametrize(
    ("channel", "by_client", "arrival"),
    [
        (Channel.PHONE, True, Arrival.CLIENT),
        (Channel.CHAT_API, True, Arrival.NOBODY),
        (Channel.WEB_CHAT, True, Arrival.NOBODY),
        (Channel.WEB_CHAT, False, Arrival.NOBODY),
    ],
)
def test_a_destination_for_calls_only_is_reached_by_calls_only(channel, by_client, arrival):
    calls = replace(BILLING, desk="", voice=VoiceConfig(route="+442079460142"))

    route = find_route(config(billing=calls), at=MONDAY_NOON, by_client=by_client, channel=channel)

    assert route.arrival is arrival


def test_a_default_for_calls_only_reaches_nobody():
    route = route_of(config(billing=replace(BILLING, desk="")))

    assert (route.arrival, route.cause) == (Arrival.NOBODY, Cause.NO_DESTINATION)


@pytest.mark.parametrize(
    ("arrival", "tried", "leads"),
    [(Arrival.QUEUE, (), True), (Arrival.QUEUE, ("billing",), False), (Arrival.MESSAGE, (), False)],
)
def test_a_route_leads_elsewhere_when_its_queue_has_not_been_tried(arrival, tried, leads):
    assert leads_elsewhere(Route(BILLING, None, None, (), arrival), tried=tried) is leads
