from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.utils import timezone

from conversations.services.access_tokens import issue_access_token
from tests.conversations.consumers.customer_client import CustomerSocket, open_socket


@pytest.fixture
def access_token(connector) -> str:
    return issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now())


@pytest.fixture
def dial(server, conversation, access_token) -> Iterator:
    """Open the customer's sockets on the conversation; a test says what it wants different. All are closed after."""
    with ExitStack() as sockets:

        def open_one(**different) -> CustomerSocket:
            query = {"session_id": conversation.id, "access_token": access_token, **different}
            return sockets.enter_context(open_socket(server.ws_url, **query))

        yield open_one


@pytest.fixture
def customer(dial) -> CustomerSocket:
    """A customer who has joined and seen the history."""
    socket = dial()
    socket.read()
    return socket
