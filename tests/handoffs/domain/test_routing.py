"""Where a handoff goes."""

from handoffs.domain.config import DestinationConfig, ProjectConfig, QueueConfig, ReasonConfig
from handoffs.domain.lifecycle import Cause
from handoffs.domain.routing import Consideration, find_route

BILLING = DestinationConfig("billing", "Billing", queue="billing", is_default=True)
COMPLAINTS = DestinationConfig("complaints", "Complaints", queue="complaints", fallback="billing")


def config(
    *, billing_on: bool = True, complaints_on: bool = True, billing: DestinationConfig = BILLING
) -> ProjectConfig:
    return ProjectConfig(
        destinations=(billing, COMPLAINTS),
        queues=(QueueConfig("billing", "Billing", billing_on), QueueConfig("complaints", "Complaints", complaints_on)),
        reasons=(ReasonConfig("complaint", "Complaint", destination="complaints"),),
    )


def test_the_destination_asked_for_comes_first():
    assert find_route(config(), asked_for="complaints").destination == COMPLAINTS


def test_then_the_reasons_destination():
    assert find_route(config(), reason="complaint").destination == COMPLAINTS


def test_then_the_default_also_for_an_unknown_destination():
    assert find_route(config(), asked_for="nowhere").destination == BILLING


def test_a_queue_that_is_off_leads_to_the_fallback_and_the_trace_says_so():
    route = find_route(config(complaints_on=False), asked_for="complaints")

    assert route.queue is not None
    assert route.queue.key == "billing"
    assert route.considered == (Consideration("complaints", "queue_off"), Consideration("billing", "queue_on"))


def test_a_chain_that_ends_nowhere_says_why():
    route = find_route(config(billing_on=False, complaints_on=False), asked_for="complaints")

    assert (route.queue, route.cause) == (None, Cause.QUEUE_OFF)


def test_a_loop_of_fallbacks_is_cut():
    looping = DestinationConfig("billing", "Billing", queue="billing", is_default=True, fallback="complaints")

    route = find_route(config(billing_on=False, complaints_on=False, billing=looping))

    assert (route.queue, route.cause) == (None, Cause.LOOP_GUARD)
    assert len(route.considered) == 2


def test_without_a_destination_there_is_no_route():
    assert find_route(ProjectConfig()).cause is Cause.NO_DESTINATION
