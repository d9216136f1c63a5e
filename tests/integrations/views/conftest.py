import pytest

from conversations.domain.vocabulary import Role
from tests.conftest import member


@pytest.fixture
def admin(project):
    return member(project, Role.ADMIN, "Ada Quist")


@pytest.fixture
def browser(client, admin):
    """An admin of the project, in the live environment."""
    client.force_login(admin)
    return client
