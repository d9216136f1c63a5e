"""A program with a project's keys, over real HTTP, while a worker runs the turns."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import Connector, Project
from conversations.services.api_keys import create_project_key
from tests.servers import server, session_server, worker

__all__ = ["server", "session_server", "worker"]


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class Program:
    """A caller of the keyed interfaces. root: `http://…`; headers go with every call."""

    root: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Call and return the answer, whatever its status. Underscores in header names stand for hyphens."""
        data = None if body is None else json.dumps(body).encode()
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", **self.headers, **own}
        request = urllib.request.Request(self.root + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return Reply(answer.status, json.loads(answer.read()), answer.headers)
        except urllib.error.HTTPError as answer:
            return Reply(answer.code, json.loads(answer.read()), answer.headers)


def key_for(project: Project, scope: ApiScope, environment: Environment = Environment.LIVE) -> str:
    return create_project_key(project=project, environment=environment, name=scope.value, scopes=[scope])[1]


@pytest.fixture
def chat_key(project) -> str:
    return key_for(project, ApiScope.CHAT)


@pytest.fixture
def chat_program(server, project, connector: Connector, chat_key) -> Program:
    headers = {"X-API-KEY": chat_key, "X-TOKEN": connector.token}
    return Program(f"{server.base_url}/v1/{project.account_id}/{project.pk}/chat/", headers)


@pytest.fixture
def keyed(client, project):
    """Call a path of the project with a key of this scope, in this process; the answer's JSON and status."""

    def call(method: str, path: str, scope: ApiScope, *, version="v1", environment=Environment.LIVE, **given) -> Reply:
        headers = {"x-api-key": key_for(project, scope, environment), **given.pop("headers", {})}
        url = f"/{version}/{project.account_id}/{project.pk}/{path}"
        answer = getattr(client, method)(url, **given, content_type="application/json", headers=headers)
        return Reply(answer.status_code, answer.json(), answer.headers)

    return call
