from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def _no_tries_before(settings):
    """Nobody's earlier tries to log in are counted."""
    settings.BUS_PREFIX = f"test:{uuid4()}"
