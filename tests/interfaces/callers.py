"""Calls operations of the OpenAPI file with real data and the proofs of a landlord, and looks at what comes back."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from unittest import SkipTest

import requests
import schemathesis
from hypothesis.errors import FlakyFailure, FlakyStrategyDefinition, Unsatisfiable
from requests.auth import AuthBase
from schemathesis.checks import FailureGroup, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studio.openapi import read_schema
from tests.interfaces.landlords import LEFT_OUT, Landlord

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
OF_THE_PROJECT = ("account_id", "project_id")
# These are asked for by what their other parameters are; one at a time is enough to be let through.
MOST_FILTERS = 1
# Where a page begins, and which environment: made-up ones lead nowhere.
PROOFS = frozenset({"authorization", "x-api-key", "x-host", "x-token"})
NOT_KEPT = frozenset({"cursor", "next_offset", "environment", "client_env", "after"})


@dataclass
class Proofs(AuthBase):
    """Puts its headers on a request that is about to be sent: Schemathesis takes away those of wrong cases."""

    headers: Mapping[str, str]

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self.headers)
        return request


def plain_session() -> requests.Session:
    """One connection for many calls. Without the environment, which would be asked for proxies at each."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class Caller:
    """Counts what is answered, and goes on to the next operation whatever came back."""

    base_url: str
    landlord: Landlord
    stranger: Landlord
    by_operation: dict[str, Counter[int]] = field(default_factory=dict)
    seconds: float = 0
    session: requests.Session = field(default_factory=plain_session)
    wrong: list[str] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)

    def run(self, ask: Callable[[], None], label: str) -> None:
        try:
            ask()
        except (Unsatisfiable, SkipTest):
            """It takes nothing that could be wrong."""
        except FlakyStrategyDefinition:
            """What is drawn next depends on what was answered, and on dice of Schemathesis' own."""
        except (AssertionError, FailureGroup, FlakyFailure) as broken:
            said = [str(each) for each in getattr(broken, "exceptions", [broken])]
            self.wrong.append(f"{label}: {said[0]}")

    def timed(self, run: Callable[[], None]) -> None:
        start = time.monotonic()
        run()
        self.seconds = time.monotonic() - start

    def call(self, case: Any, *, landlord: Landlord | None = None, is_proven: bool = True) -> Any:
        """Raises FailureGroup for an answer that is not as described, AssertionError for one that tells too much.
        landlord: whose objects the call names; is_proven: the proofs go along even where the case has none."""
        operation = operation_id(case.operation)
        if is_proven:
            leave_proofs(case)
        self.session.cookies.clear()
        self.session.auth = Proofs(self.proofs(case)) if is_proven else None
        response = case.call(base_url=self.base_url, session=self.session, timeout=60)
        self.by_operation.setdefault(operation, Counter())[response.status_code] += 1
        (landlord or self.landlord).note_answer(operation, response.status_code)
        case.validate_response(response, checks=CHECKS)
        assert self.stranger.mark not in response.text, f"{operation} tells of another project"
        return response

    def note_session(self, case: Any, response: Any) -> Any:
        if operation_id(case.operation) == "session_create" and response.status_code == 200:
            self.sessions.add(response.json()["session_id"])
        return response

    def keep_known(self, case: Any) -> None:
        """A handoff begins in a session that was opened before, or in a conversation of its own."""
        if operation_id(case.operation) == "handoff_start" and case.body.get("conversation_id") not in self.sessions:
            merge(case, "body", {"conversation_id": LEFT_OUT})

    def proofs(self, case: Any) -> dict[str, str]:
        landlord = self.landlord
        taken = {name for entry in case.operation.definition.raw.get("security", ()) for name in entry}
        headers = {"X-Token": landlord.connector.token, "X-Host": "127.0.0.1"}
        if "ApiKey" in taken:
            headers["x-api-key"] = landlord.key
        if "PersonalToken" in taken:
            headers["Authorization"] = f"Bearer {landlord.token}"
        if "AccessToken" in taken:
            headers["Authorization"] = f"Bearer {landlord.access_token}"
        return headers

    @property
    def statuses(self) -> Counter[int]:
        return sum(self.by_operation.values(), Counter())

    def share(self, is_meant: Callable[[int], bool]) -> float:
        meant = sum(number for status, number in self.statuses.items() if is_meant(status))
        return meant / max(1, self.statuses.total())

    def figures(self, run: str) -> dict[str, Any]:
        """What can be added up: calls by operation and status, as `{"run", "seconds", "found", "calls"}`."""
        calls = {operation: dict(found) for operation, found in self.by_operation.items()}
        return {"run": run, "seconds": self.seconds, "found": len(self.wrong), "calls": calls}

    def require(self, is_kept: bool, sentence: str) -> None:
        if not is_kept:
            self.wrong.append(sentence)

    def report(self, name: str) -> str:
        """The figures of a run, and a line for each operation."""
        failed = sum(number for status, number in self.statuses.items() if status >= 500)
        lines = [
            f"{name}: {self.statuses.total()} calls of {len(self.by_operation)} operations in {self.seconds:.0f} s, "
            f"{self.share(is_done):.1%} 2xx, {self.share(is_out):.1%} 401, 403 or 404, {failed} 5xx, "
            f"{len(self.wrong)} findings"
        ]
        told = ((operation, dict(sorted(found.items()))) for operation, found in sorted(self.by_operation.items()))
        return "\n".join(lines + [f"  {operation} {found}" for operation, found in told])


def is_done(status: int) -> bool:
    return 200 <= status < 300


def is_out(status: int) -> bool:
    """Nothing was looked at but the proofs and the path."""
    return status in (401, 403, 404)


def load(landlord: Landlord | None = None) -> Any:
    """The file as Schemathesis reads it; for a landlord with the account and the project in its paths."""
    raw = deepcopy(read_schema())
    if landlord is not None:
        names = project_names(landlord)
        raw["paths"] = {_at_home(path, names): _without(methods, names) for path, methods in raw["paths"].items()}
    return schemathesis.openapi.from_dict(raw)


def operations(schema: Any, names: Collection[str] | None = None) -> Iterator[Any]:
    """Those of these names, or all."""
    for found in schema.get_all_operations():
        if names is None or operation_id(found.ok()) in names:
            yield found.ok()


def operation_id(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def project_names(landlord: Landlord) -> dict[str, str]:
    return {"account_id": str(landlord.project.account_id), "project_id": str(landlord.project.pk)}


def put(case: Any, landlord: Landlord, *, objects: Landlord | None = None) -> None:
    """Put real data where the call needs it: whose project, which conversation, and the epoch that holds there."""
    operation = operation_id(case.operation)
    known = (objects or landlord).fill(operation)
    put_path(case, landlord, known)
    keep_query(case, known)
    if isinstance(case.body, dict):
        taken = body_fields(operation)
        merge(case, "body", {**known.get("body", {}), "client_id": uuid.uuid4().hex}, only=taken)
        if operation == "handoff_start":
            # One that is made up is nowhere; without, the conversation is opened and the default is asked.
            merge(case, "body", {"destination": LEFT_OUT, "conversation_id": LEFT_OUT})


def put_path(case: Any, landlord: Landlord, known: Mapping[str, Mapping[str, Any]]) -> None:
    merge(case, "path_parameters", {**project_names(landlord), **known.get("path", {})})


def keep_query(case: Any, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Leave few enough of the made-up filters for something to be found, and no key that was used before."""
    wanted = {name: value for name, value in known.get("query", {}).items() if value}
    kept = sorted(case.query or {})[:MOST_FILTERS]
    case.query = {name: case.query[name] for name in kept if name not in NOT_KEPT} | wanted
    case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Idempotency-Key"}


def leave_proofs(case: Any) -> None:
    """Take away made-up proofs, which would stand beside the real ones."""
    case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() not in PROOFS}
    case.cookies = {}


def body_fields(operation: str) -> set[str]:
    """The names of what an operation's body may hold."""
    schema = read_schema()
    found = (each for methods in schema["paths"].values() for each in methods.values())
    body = next(each for each in found if each["operationId"] == operation)["requestBody"]
    shape = body["content"]["application/json"]["schema"]
    name = shape.get("$ref", "").rpartition("/")[2]
    return set(schema["components"]["schemas"].get(name, shape).get("properties", {}))


def merge(case: Any, part: str, values: Mapping[str, Any], only: set[str] | None = None) -> None:
    """Set what the part of a case holds already; of `only`, also what it does not."""
    held = dict(getattr(case, part) or {})
    names = held.keys() if only is None else only
    merged = {**held, **{name: value for name, value in values.items() if name in names}}
    setattr(case, part, {name: value for name, value in merged.items() if value is not LEFT_OUT})


def _at_home(path: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def _without(methods: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    for operation in methods.values():
        operation["parameters"] = [each for each in operation.get("parameters", ()) if each["name"] not in names]
    return methods
