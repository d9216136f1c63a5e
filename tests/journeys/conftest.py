"""The system as its users run it, with a CRM that listens."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from integrations.domain.signing import new_secret
from tests.emulators.http_receiver import HttpReceiver
from tests.stack import Stack

# Journeys run beside this worker's other tests, whose Redis number must stay their own.
REDIS_OFFSET = 8


@dataclass(frozen=True)
class System:
    """A running stack, the credentials of its demo and the CRM that is told its outcomes."""

    stack: Stack
    demo: dict[str, Any]
    crm: HttpReceiver


@pytest.fixture(scope="session")
def system(tmp_path_factory) -> Iterator[System]:
    """One system for all journeys (one `xdist_group`): building it takes longer than most of them."""
    folder, name = tmp_path_factory.mktemp("system"), os.environ.get("PYTEST_XDIST_WORKER", "main")
    base, _, number = settings.REDIS_URL.rpartition("/")
    stack = Stack(folder, name=name, redis_url=f"{base}/{int(number) + REDIS_OFFSET}")
    secret = new_secret()
    with HttpReceiver(secrets=[secret]) as crm:
        demo = stack.prepare("--webhook", crm.url, "--webhook-secret", secret)
        stack.start()
        try:
            yield System(stack, demo, crm)
        finally:
            stack.stop()
