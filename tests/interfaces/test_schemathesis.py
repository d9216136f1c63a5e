"""The OpenAPI file, called: whatever it lets a caller send, nothing fails with a 500, every answer is what the file
says, and of another project's data nothing is ever told. Short here; under `soak` 2,000 examples per operation, or as
many as `SOAK_EXAMPLES` says, each operation in a test of its own: they can be spread over processes (`-n 2`), and one
finds no more rows than it made."""

import logging
import os
from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode

from tests.interfaces.callers import (
    PROOFS,
    Caller,
    body_fields,
    is_done,
    is_out,
    keep_query,
    load,
    merge,
    operation_id,
    operations,
    put,
    put_path,
)
from tests.interfaces.figures import FIGURES
from tests.interfaces.landlords import settle

SHORT, LONG = 1, int(os.environ.get("SOAK_EXAMPLES", "2000"))
LEAST_DONE = 0.6
MOST_OUT = 0.4
SCENARIOS, STEPS = 10, 10  # of calls in a row, in the short run; in the long one as many scenarios as examples
FAR_AWAY = 10  # every so many'th wrong call may be wrong in its path and its proofs, and have what nobody reads
FOREIGN = 4  # every so many'th example of the long run is asked of a stranger, too
PARTS = 8  # of the calls in a row


def profile(examples: int, *, is_same: bool = False, **more: Any) -> Any:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=is_same, verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], print_blob=False, **more,
    )  # fmt: skip


@pytest.fixture
def quiet():
    """A line of log for every call would cost as much as some calls do, and pytest would keep them all."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def make_caller(server, worker, settings, quiet) -> Callable[[], Caller]:
    """Each counts for itself; the two projects are the same."""
    settings.API_CALLS_PER_MINUTE = 0
    ours, theirs = settle("ours"), settle("theirs")
    return lambda: Caller(server.base_url, ours, theirs)


def run_positive(caller: Caller, examples: int, names: Collection[str]) -> None:
    for operation in operations(load(), names):

        @profile(examples, is_same=examples <= SHORT * 3)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def ask(case):
            put(case, caller.landlord)
            caller.call(case)

        caller.run(ask, operation.label)
    caller.require(caller.share(is_done) >= LEAST_DONE, "less was done than should be")


def run_stateful(caller: Caller, examples: int, names: Collection[str]) -> None:
    """Calls in a row, each with what the ones before have answered."""
    schema = load(caller.landlord)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    # Only what the file says leads on: guesses by name end at 409, as they should.
    schema.config.phases.stateful.inference.algorithms = []

    class Machine(schema.as_state_machine()):
        def before_call(self, case):
            operation = operation_id(case.operation)
            keep_query(case, {"query": case.query or {}} if operation == "handoff_state_get" else {})
            if isinstance(case.body, dict):
                merge(case, "body", caller.landlord.say(operation), only=body_fields(operation))
                caller.keep_known(case)

        def step(self, given):
            if given.transition is None:
                put(given.case, caller.landlord)
            return super().step(given)

        def call(self, case, **more):
            return caller.note_session(case, caller.call(case))

        def validate_response(self, response, case, **more):
            """Looked at where it was called."""

    def ask() -> None:
        scenarios = max(SCENARIOS, examples)
        run_state_machine_as_test(
            Machine, settings=profile(scenarios, is_same=examples == SHORT, stateful_step_count=STEPS)
        )

    caller.run(ask, "calls in a row")
    caller.require(caller.share(is_done) >= LEAST_DONE, "less was done than should be")


def run_negative(caller: Caller, examples: int, names: Collection[str]) -> None:
    """Mostly at home: with proofs, in the project and at objects that are there, so that what is wrong is the rest.
    Where the rest cannot be wrong, the path is."""
    far_away = max(1, examples // FAR_AWAY)
    at_home, anywhere = load(), load()
    at_home.config.generation.update(allow_extra_parameters=False)
    for operation in operations(at_home, names):
        caller.run(ask_wrongly(caller, operation, max(3, examples - far_away), is_at_home=True), operation.label)
    caller.require(caller.share(is_out) <= MOST_OUT, "too much was refused before it was looked at")
    for operation in operations(anywhere, names):
        number = far_away if operation_id(operation) in caller.by_operation else examples
        caller.run(ask_wrongly(caller, operation, number, is_at_home=False), operation.label)


def ask_wrongly(caller: Caller, operation: Any, examples: int, *, is_at_home: bool) -> Callable[[], None]:
    fixed = at_home_parts(operation) if is_at_home else {}

    @profile(examples, is_same=examples <= SHORT * 3)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, **fixed))
    def ask(case):
        if is_at_home:
            put_path(case, caller.landlord, caller.landlord.fill(operation_id(operation)))
        caller.call(case, is_proven=is_at_home)

    return ask


def at_home_parts(operation: Any) -> dict[str, dict[str, str]]:
    """What stands fast while the rest is made wrong; the real values are put in before the call."""
    named = {parameter.name: "at-home" for parameter in operation.path_parameters}
    proofs = {parameter.name: "proof" for parameter in operation.headers if parameter.name.lower() in PROOFS}
    return {name: part for name, part in (("path_parameters", named), ("headers", proofs)) if part}


def run_strange(caller: Caller, examples: int, names: Collection[str]) -> None:
    """Our proofs, their project; and our project, their objects."""
    number = examples * 2 if examples == SHORT else max(1, examples // FOREIGN)
    for operation in operations(load(), names):
        named = {parameter.name for parameter in operation.path_parameters}
        if not operation.definition.raw.get("security") or not named:
            continue
        places = st.booleans() if "project_id" in named else st.just(False)

        @profile(number, is_same=examples == SHORT)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), is_their_project=places)
        def ask(case, is_their_project):
            place = caller.stranger if is_their_project else caller.landlord
            put(case, place, objects=caller.stranger)
            response = caller.call(case, landlord=caller.stranger)
            assert not is_their_project or response.status_code in (400, 401, 403, 404, 415, 422)

        caller.run(ask, operation.label)


RUNS = {"positive": run_positive, "stateful": run_stateful, "negative": run_negative, "strange": run_strange}
NAMES = tuple(operation_id(operation) for operation in operations(load()))


def answer_all(caller: Caller, name: str, examples: int, names: Collection[str] = NAMES) -> None:
    caller.timed(lambda: RUNS[name](caller, examples, names))
    print(caller.report(name), flush=True)
    assert not caller.wrong, "\n\n".join(caller.wrong)


@pytest.mark.parametrize("name", RUNS)
def test_the_interfaces_answer_as_they_are_described(make_caller, name):
    answer_all(make_caller(), name, SHORT)


@pytest.mark.soak
@pytest.mark.parametrize("operation", NAMES)
@pytest.mark.parametrize("name", [name for name in RUNS if name != "stateful"])
def test_the_interfaces_answer_as_they_are_described_however_often(make_caller, record_property, name, operation):
    caller = make_caller()
    try:
        answer_all(caller, name, LONG, [operation])
    finally:
        record_property(FIGURES, caller.figures(name))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_calls_in_a_row_are_answered_as_they_are_described_however_often(make_caller, record_property, part):
    caller = make_caller()
    try:
        answer_all(caller, "stateful", max(1, LONG // PARTS))
    finally:
        record_property(FIGURES, caller.figures("stateful"))
