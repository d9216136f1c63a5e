import pytest

from tests.world import World, create_world


@pytest.fixture
def world(project, owner, agent, claimed, connector) -> World:
    return create_world(project=project, owner=owner, member=agent, conversation=claimed, connector=connector)
