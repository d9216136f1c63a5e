"""The destinations of the shared cast, and a line that leaves no choice."""

import pytest

from handoffs.models import Destination, Line


@pytest.fixture
def billing(project) -> Destination:
    return Destination.objects.get(project=project)


@pytest.fixture
def desk(project) -> Destination:
    """A second destination, not the default, which nothing uses."""
    return Destination.objects.create(project=project, key="desk", name="Desk", queue_key="billing")


@pytest.fixture
def refer_only(project) -> Line:
    return Line.objects.create(
        project=project, environment="live", key="twilio", name="Twilio", domain="sbc.example", required_method="refer"
    )
