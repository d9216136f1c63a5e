import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone

from conversations.models import Project
from studio.demo.workspace import create_workspace
from studio.demo_content.loader import load_workspace


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = "http://127.0.0.1:8123"


@pytest.fixture
def content():
    return load_workspace()


@pytest.fixture
def demo(db, content) -> Project:
    """The demo workspace without its past."""
    return create_workspace(content=content, at=timezone.now())


@pytest.fixture
def run_demo(db) -> Callable[..., str]:
    """Run `manage.py demo …`; returns what it printed."""

    def run(*arguments: str) -> str:
        printed = io.StringIO()
        call_command("demo", *arguments, stdout=printed, stderr=io.StringIO())
        return printed.getvalue()

    return run
