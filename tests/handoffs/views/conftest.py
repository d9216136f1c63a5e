"""The cast of the settings pages."""

from typing import Any

import pytest

from handoffs.models import ForbiddenTopic, Queue, Reason


@pytest.fixture
def rows(project) -> dict[str, Any]:
    topic = ForbiddenTopic.objects.create(
        project=project, key="legal", name="Legal threats", description="Anything about lawyers"
    )
    return {
        "reason": Reason.objects.get(project=project),
        "queue": Queue.objects.get(project=project),
        "forbidden-topic": topic,
    }
