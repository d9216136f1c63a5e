"""The books of the benchmark's client: what was lost, came twice, or came out of order."""

import pytest

from bench.ear import Ear
from bench.scenario import Faults


def heard(*numbers):
    """What an ear made of these messages, and which of them it passed on."""
    passed = []
    ear = Ear(lambda number, now: passed.append(number))
    for number in numbers:
        ear.on_ws_frame(None, Frame(f'{{"payload":{{"text":"#{number} hello"}}}}'))
    return ear, passed


class Frame:
    """As much of a frame as the client reads."""

    def __init__(self, text):
        self._bytes = text.encode()

    def get_payload_as_bytes(self):
        return self._bytes


@pytest.mark.parametrize(
    ("numbers", "sent", "faults"),
    [
        ((0, 1, 2), 3, Faults()),
        ((0, 1), 3, Faults(lost=1)),
        ((0, 2), 3, Faults(lost=1)),
        ((0, 2, 1), 3, Faults(reordered=1)),
        ((0, 1, 1, 2), 3, Faults(doubled=1)),
        ((0, 3, 3, 1), 5, Faults(lost=2, doubled=1, reordered=1)),
        ((), 2, Faults(lost=2)),
    ],
)
def test_every_message_is_expected_once_and_in_order(numbers, sent, faults):
    ear, _ = heard(*numbers)
    assert ear.faults(sent) == faults


def test_a_message_that_comes_twice_is_passed_on_once():
    _, passed = heard(0, 1, 1)
    assert passed == [0, 1]


def test_every_message_of_a_batch_counts():
    ear, _ = heard()
    ear.on_ws_frame(None, Frame('{"events":[{"text":"#0 a"},{"text":"#1 b"},{"text":"#2 c"}]}'))
    assert ear.faults(3) == Faults()


def test_a_frame_without_a_message_is_passed_over():
    ear, passed = heard()
    ear.on_ws_frame(None, Frame('{"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[]}}'))
    assert (ear.faults(0), passed) == (Faults(), [])
