"""A program of the customer's that calls the published interfaces with a project's key."""

from dataclasses import dataclass, field
from typing import Any

from django.test import AsyncClient, Client

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import Project
from conversations.services.api_keys import create_project_key


@dataclass
class Program:
    """Calls below `/{version}/{account}/{project}/`; headers: sent with every call."""

    project: Project
    key: str
    version: str = "v1"
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"/{self.version}/{self.project.account_id}/{self.project.pk}/{path}"

    def get(self, path: str, **query: Any):
        return self.client.get(self.url(path), query, headers=self.sent())

    def post(self, path: str, body: Any = None, **headers: str):
        return self.client.post(
            self.url(path), {} if body is None else body, content_type="application/json", headers=self.sent(**headers)
        )

    def put(self, path: str, body: Any = None, **headers: str):
        return self.client.put(self.url(path), body, content_type="application/json", headers=self.sent(**headers))

    async def aget(self, path: str, **query: Any):
        return await AsyncClient().get(self.url(path), query, headers=self.sent())

    def sent(self, **headers: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"x-api-key": self.key, **self.headers, **named}

    @property
    def client(self) -> Client:
        return Client(raise_request_exception=False)


def program_of(project: Project, *scopes: ApiScope, environment: Environment = Environment.LIVE, **more) -> Program:
    key = create_project_key(project=project, environment=environment, name="Program", scopes=scopes, **more)[1]
    return Program(project, key)
