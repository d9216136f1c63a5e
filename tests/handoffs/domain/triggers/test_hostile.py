"""Whatever a customer sends: the time is in proportion to its length, and every reader answers."""

import gc
import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.settings import Sensitivity
from handoffs.domain.triggers.answers import read_answer
from handoffs.domain.triggers.course import read_course
from handoffs.domain.triggers.detection import detect
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.exasperation import frustration_words
from handoffs.domain.triggers.explicit import detect_explicit_request, read
from handoffs.domain.triggers.forbidden import detect_forbidden_topic
from handoffs.domain.triggers.frustration import detect_frustration
from handoffs.domain.triggers.normalise import normalise, visible
from handoffs.domain.triggers.phrasebook import clauses_of
from handoffs.domain.triggers.unproductive import detect_unproductive

TOPICS = (
    ForbiddenTopicConfig("legal", "Legal action", "", ("I will sue you",), keywords=("not not talk", "solicitor*")),
    ForbiddenTopicConfig("medical", "Medicine", "", ("is this rash dangerous",), keywords=("so so so very",)),
)
CONFIG = ProjectConfig(forbidden_topics=TOPICS)
HISTORY = (Said("customer", "A table for two", 1), Said("ai", "I found Da Luigi", 2))


def converse(read_history):
    return lambda text: read_history(text, history=(*HISTORY, Said("ai", text, 3)))


READERS = {
    "rules": lambda text: list(read(visible(text))),
    "words": frustration_words,
    "clauses": clauses_of,
    "normalisation": normalise,
    "answers": read_answer,
    "course": converse(read_course),
    "frustration": converse(lambda text, history: detect_frustration(text, history=history, threshold=0.5)),
    "requests": detect_explicit_request,
    "forbidden topics": lambda text: detect_forbidden_topic(text, topics=TOPICS, sensitivity=Sensitivity.NORMAL),
    "all triggers": converse(lambda text, history: detect(text, history=history, config=CONFIG)),
    "counters": converse(lambda text, history: detect_unproductive(text, history=history, threshold=0.5)),
}
HOSTILE = (
    "I do not want not to talk to a human ",
    "you are so so so so very really ",
    ",  mit ",
    "ß\u200b'",
)
SMALL = 50_000
ATTEMPTS = 5  # the machine may be busy with something else: one quiet moment is enough


def cost(reader, unit, size):
    """Process seconds for so many characters, without the collector's: as `timeit` measures."""
    text = unit * (size // len(unit))
    gc.disable()
    started = process_time()
    reader(text)
    spent = process_time() - started
    gc.enable()
    return spent


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("name", READERS)
def test_twice_the_text_takes_at_most_three_times_as_long(name, unit):
    costs = ((cost(READERS[name], unit, SMALL), cost(READERS[name], unit, 2 * SMALL)) for _ in range(ATTEMPTS))
    assert any(large <= 3 * small + 0.002 for small, large in costs)


@pytest.mark.parametrize("name", READERS)
@given(text=st.text(max_size=400))
def test_any_unicode_is_read_and_read_the_same_again(name, text):
    assert READERS[name](text) == READERS[name](text)


@given(st.text(alphabet="éÀçñßÖaAzZ", max_size=40))
def test_case_folds_away(text):
    assert normalise(text) == normalise(text.upper()) == normalise(text.lower())


@given(st.text(alphabet="éàçñöüûAz ", max_size=40))
def test_accents_fold_away_however_they_are_written(text):
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))
    assert normalise(text).isascii()
