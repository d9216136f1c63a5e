"""The OpenAPI file, called: whatever it lets a caller send, nothing fails with a 500, every answer is what the file
says, and of another project's data nothing is ever told. Short here; 2,000 examples per call under `soak`."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import FailureGroup, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studio.openapi import read_schema
from tests.interfaces.landlords import FILL, LEFT_OUT, Landlord, settle

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
SHORT, LONG = 2, 2_000
LEAST_DONE = 0.6
# These are asked for by what their other parameters are; one at a time is enough to be let through.
MOST_FILTERS = 1
# Where a page begins, and which environment: made-up ones lead nowhere.
NOT_KEPT = frozenset({"cursor", "next_offset", "environment", "client_env", "after"})


def profile(examples: int, **more: Any) -> Any:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=examples == SHORT, verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], print_blob=False, **more,
    )  # fmt: skip


@dataclass
class Caller:
    """Calls operations with one landlord's proofs and looks at what comes back."""

    base_url: str
    landlord: Landlord
    stranger: Landlord
    statuses: Counter[int] = field(default_factory=Counter)
    by_operation: dict[str, Counter[int]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)
    wrong: list[str] = field(default_factory=list)

    def run(self, ask: Any, operation: Any) -> None:
        """Ask all of one operation, and go on to the next whatever came back."""
        try:
            ask()
        except Unsatisfiable:
            """It takes nothing that could be wrong."""
        except (AssertionError, FailureGroup) as broken:
            said = [str(each) for each in getattr(broken, "exceptions", [broken])]
            self.wrong.append(f"{operation.label}: {said[0]}")

    def judge(self) -> None:
        assert not self.wrong, "\n\n".join(self.wrong)

    def call(self, case: Any) -> Any:
        operation = case.operation.definition.raw["operationId"]
        response = case.call(base_url=self.base_url, headers=self.proofs(case), session=self.session, timeout=60)
        self.statuses[response.status_code] += 1
        self.by_operation.setdefault(operation, Counter())[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)
        assert self.stranger.mark not in response.text, f"{operation} tells of another project"
        return response

    def proofs(self, case: Any) -> dict[str, str]:
        landlord = self.landlord
        taken = {name for entry in case.operation.definition.raw.get("security", ()) for name in entry}
        headers = {"X-Token": landlord.connector.token, "X-Host": "127.0.0.1"}
        if "ApiKey" in taken:
            headers["x-api-key"] = landlord.key
        if "PersonalToken" in taken:
            headers["Authorization"] = f"Bearer {landlord.token}"
        if "AccessToken" in taken:
            headers["Authorization"] = f"Bearer {landlord.access_token()}"
        return headers

    @property
    def share_done(self) -> float:
        done = sum(number for status, number in self.statuses.items() if 200 <= status < 300)
        return done / max(1, self.statuses.total())


@pytest.fixture
def schema():
    return schemathesis.openapi.from_dict(deepcopy(read_schema()))


@pytest.fixture
def caller(server, worker, settings) -> Caller:
    settings.API_CALLS_PER_MINUTE = 0
    return Caller(server.base_url, settle("ours"), settle("theirs"))


def operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def put(case: Any, landlord: Landlord, *, filters: int, objects: Landlord | None = None) -> None:
    """Put real data where the call needs it: whose project, which conversation, and the epoch that holds there."""
    names = {"account_id": str(landlord.project.account_id), "project_id": str(landlord.project.pk)}
    operation = case.operation.definition.raw["operationId"]
    known = FILL[operation](objects or landlord) if operation in FILL else {}
    _merge(case, "path_parameters", {**names, **known.get("path", {})})
    if case.query:
        kept = sorted(case.query)[:filters]
        case.query = {name: case.query[name] for name in kept if name not in NOT_KEPT}
        case.query |= {name: value for name, value in known.get("query", {}).items() if value}
    elif "query" in known:
        case.query = {name: value for name, value in known["query"].items() if value}
    case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Idempotency-Key"}
    if isinstance(case.body, dict):
        wanted = case.operation.body[0].definition["schema"] if case.operation.body else {}
        _merge(case, "body", known.get("body", {}), only=_properties(case, wanted))
        for free in ("destination", "conversation_id"):
            if operation == "handoff_start":
                case.body.pop(free, None)


def _properties(case: Any, wanted: dict[str, Any]) -> set[str]:
    name = wanted.get("$ref", "").rpartition("/")[2]
    return set(read_schema()["components"]["schemas"].get(name, wanted).get("properties", {}))


def _merge(case: Any, part: str, values: dict[str, Any], only: set[str] | None = None) -> None:
    held = dict(getattr(case, part) or {})
    names = held.keys() if only is None else only
    merged = {**held, **{name: value for name, value in values.items() if name in names}}
    setattr(case, part, {name: value for name, value in merged.items() if value is not LEFT_OUT})


def run_positive(caller: Caller, schema: Any, examples: int) -> None:
    for operation in operations(schema):

        @profile(examples)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def ask(case):
            put(case, caller.landlord, filters=MOST_FILTERS)
            caller.call(case)

        caller.run(ask, operation)
    caller.judge()
    assert caller.share_done >= LEAST_DONE, caller.by_operation


def run_negative(caller: Caller, schema: Any, examples: int) -> None:
    for operation in operations(schema):

        @profile(examples)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), is_at_home=st.booleans())
        def ask(case, is_at_home):
            if is_at_home:
                names = {"account_id": caller.landlord.project.account_id, "project_id": caller.landlord.project.pk}
                _merge(case, "path_parameters", {name: str(value) for name, value in names.items()})
            caller.call(case)

        caller.run(ask, operation)
    caller.judge()


def run_strange(caller: Caller, schema: Any, examples: int) -> None:
    """Ours proofs, their project; and our project, their conversations."""
    for operation in operations(schema):
        if not operation.definition.raw.get("security") or "project_id" not in operation.path + "".join(FILL):
            continue

        @profile(examples)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), is_path=st.booleans())
        def ask(case, is_path):
            place = caller.stranger if is_path else caller.landlord
            put(case, place, filters=MOST_FILTERS, objects=caller.stranger)
            response = caller.call(case)
            if is_path and "project_id" in case.operation.path:
                assert response.status_code in (400, 401, 403, 404, 415, 422)

        caller.run(ask, operation)
    caller.judge()


def run_stateful(caller: Caller, schema: Any, examples: int) -> None:
    """Calls in a row, each with what the ones before have answered."""

    schema.config.generation.update(modes=[GenerationMode.POSITIVE])

    class Machine(schema.as_state_machine()):
        def before_call(self, case):
            names = {"account_id": caller.landlord.project.account_id, "project_id": caller.landlord.project.pk}
            _merge(case, "path_parameters", {name: str(value) for name, value in names.items()})

        def call(self, case, **more):
            return caller.call(case)

        def validate_response(self, response, case, **more):
            """Looked at where it was called."""

    run_state_machine_as_test(Machine, settings=profile(examples * 3, stateful_step_count=5))


RUNS = {"positive": run_positive, "negative": run_negative, "strange": run_strange, "stateful": run_stateful}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_interfaces_answer_as_they_are_described(caller, schema, run):
    run(caller, schema, SHORT)


@pytest.mark.soak
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_interfaces_answer_as_they_are_described_however_often(caller, schema, run):
    run(caller, schema, LONG)
