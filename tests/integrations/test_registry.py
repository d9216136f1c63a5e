import inspect

import pytest

from integrations.registry import HANDLERS, UnknownTopic, handler_of


@pytest.mark.parametrize("topic", sorted(HANDLERS))
def test_every_topic_has_a_handler_that_takes_an_entry_and_an_instant(topic):
    parameters = inspect.signature(handler_of(topic)).parameters
    assert {"entry", "at"} <= set(parameters)
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())


def test_a_topic_nobody_handles_is_named():
    with pytest.raises(UnknownTopic, match=r"no\.such"):
        handler_of("no.such")
