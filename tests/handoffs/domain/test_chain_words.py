import pytest

from handoffs.domain.chain_words import End, draw_chain
from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig


def chain(*destinations: DestinationConfig) -> ProjectConfig:
    return ProjectConfig(destinations=destinations)


def names(drawn) -> list[str]:
    return [link.name for link in drawn.links]


def test_a_chain_ends_in_a_message():
    config = chain(
        DestinationConfig("second", "Second line", fallback="billing"), DestinationConfig("billing", "Billing")
    )
    drawn = draw_chain(config, "second")
    assert (names(drawn), drawn.end, drawn.again) == (["Second line", "Billing"], End.MESSAGE, "")


def test_a_chain_that_comes_back_is_a_loop_and_names_where_to():
    config = chain(
        DestinationConfig("door", "Door", fallback="a"),
        DestinationConfig("a", "A", fallback="b"),
        DestinationConfig("b", "B", fallback="a"),
    )
    drawn = draw_chain(config, "door")
    assert (names(drawn), drawn.end, drawn.again) == (["Door", "A", "B"], End.LOOP, "A")


@pytest.mark.parametrize(
    ("last", "end"),
    [
        (DestinationConfig("a", "A", schedule="office", out_of_hours=OutOfHours.AI), End.AI),
        (DestinationConfig("a", "A", out_of_hours=OutOfHours.AI), End.MESSAGE),
        (DestinationConfig("a", "A", desk=""), End.NOBODY),
    ],
)
def test_what_stands_at_the_end_depends_on_the_last_one(last, end):
    assert draw_chain(chain(last), "a").end is end


def test_an_unknown_destination_has_no_chain():
    with pytest.raises(KeyError):
        draw_chain(chain(), "a")
