"""People with tokens who call the Desk API."""

from dataclasses import dataclass

import pytest
from django.test import Client

from conversations.domain.permissions import ApiScope
from conversations.models import Project, User
from conversations.services.api_keys import create_personal_token
from tests.keyed import Program, program_of


@dataclass
class Caller:
    """One person's scripts, in one project."""

    project: Project
    token: str

    def get(self, path: str, **query):
        return Client().get(self.url(path), query, headers=self.headers)

    def post(self, path: str, body: dict | None = None, environment: str = "live"):
        url = f"{self.url(path)}?environment={environment}"
        return Client().post(url, body or {}, content_type="application/json", headers=self.headers)

    def put(self, path: str, body: dict):
        return Client().put(self.url(path), body, content_type="application/json", headers=self.headers)

    def url(self, path: str) -> str:
        return f"/api/v1/projects/{self.project.pk}/{path}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def call(project):
    def by(user: User) -> Caller:
        return Caller(project, create_personal_token(user=user, name="script")[1])

    return by


@pytest.fixture
def program(project) -> Program:
    """A program with a key for handoffs."""
    return program_of(project, ApiScope.HANDOFF)
