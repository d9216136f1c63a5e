"""Every answer of an interface that any test gets is held against the OpenAPI file: its status stands there, and its
body is what the file says, with no field beside it."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import Resolver404
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from studio.openapi import read_schema

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class BrokenContract(AssertionError):
    """An answer that the OpenAPI file does not describe."""


@pytest.fixture(scope="session", autouse=True)
def _answers_keep_the_contract():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", _checked(Client.request))
        patch.setattr(AsyncClient, "request", _checked_async(AsyncClient.request))
        yield


def check_answer(response: HttpResponse, *, method: str) -> None:
    """Raises BrokenContract. Answers of addresses nobody has are not looked at."""
    path = _path_of(response)
    methods = strict_schema()["paths"].get(path)
    if methods is None or method in ("HEAD", "OPTIONS"):
        return
    operation = methods.get(method.lower())
    if operation is None:
        _require(400 <= response.status_code < 500, f"{method} {path} stands nowhere, but answers", response)
        return
    said = operation["responses"].get(str(response.status_code))
    _require(said is not None, f"{method} {path} does not say that it answers", response)
    content = said.get("content", {}).get("application/json")
    if content is None:
        _require(not response.content, f"{method} {path} says nothing of a body of", response)
        return
    problem = best_match(
        _validator(path, method.lower(), response.status_code).iter_errors(json.loads(response.content))
    )
    _require(
        problem is None,
        f"{method} {path} {getattr(problem, 'json_path', '')}: {problem and problem.message};",
        response,
    )


def _path_of(response: HttpResponse) -> str:
    """As the description writes it; empty for an address nobody has."""
    try:
        route = response.resolver_match.route
    except (AttributeError, Resolver404):
        return ""
    return "/" + PARAMETER.sub(r"{\1}", route)


@cache
def strict_schema() -> dict[str, Any]:
    """The description, with every object closed: a field that stands nowhere is a mistake."""
    schema = deepcopy(read_schema())
    _close(schema["components"]["schemas"])
    return schema


@cache
def _validator(path: str, method: str, status: int) -> Draft202012Validator:
    schema = strict_schema()
    content = schema["paths"][path][method]["responses"][str(status)]["content"]
    wanted = {**content["application/json"]["schema"], "components": schema["components"]}
    return Draft202012Validator(wanted, format_checker=FormatChecker())


def _close(node: Any) -> None:
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for inner in node.values():
            _close(inner)
    elif isinstance(node, list):
        for inner in node:
            _close(inner)


def _require(is_kept: bool, sentence: str, response: HttpResponse) -> None:
    if not is_kept:
        raise BrokenContract(f"{sentence} {response.status_code}: {response.content[:500]!r}")


def _checked(request: Callable[..., Any]) -> Callable[..., Any]:
    def answer(client: Client, **environment: Any) -> Any:
        response = request(client, **environment)
        check_answer(response, method=environment.get("REQUEST_METHOD", "GET"))
        return response

    return answer


def _checked_async(request: Callable[..., Any]) -> Callable[..., Any]:
    async def answer(client: AsyncClient, **environment: Any) -> Any:
        response = await request(client, **environment)
        check_answer(response, method=environment.get("method", "GET"))
        return response

    return answer
