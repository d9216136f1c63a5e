"""A client writes what it likes beside what we understand: nothing of it may break a handoff."""

import pytest

from conversations.domain.wishes import wishes_of
from handoffs.domain.follow_ups import is_client_managed


@pytest.mark.parametrize(
    "options",
    [{}, {"metadata": None}, {"metadata": "x"}, {"metadata": {"custom": "x"}}, {"metadata": {"custom": ["handoff"]}}],
)
def test_whatever_else_stands_there_is_no_wish(options):
    assert wishes_of(options) == {}
    assert not is_client_managed(channel="web_chat", options=options)


def test_a_wish_is_read():
    options = {"metadata": {"custom": {"handoff": "client"}}}
    assert wishes_of(options) == {"handoff": "client"}
    assert is_client_managed(channel="web_chat", options=options)
