from conversations.domain.frames import ClientFrame
from conversations.domain.refusals import Refusals


def message(text: str) -> ClientFrame:
    return ClientFrame("USER_MESSAGE", {"text": text}, None)


def test_every_message_that_is_lost_is_named():
    refusals = Refusals()

    told = [
        refusals.too_fast(message(text), wait=0.3, at=1.0) for text in ("Hello", "Where is\nmy  parcel " + "x" * 50)
    ]

    assert told == [
        "Messages come too fast, “Hello” was not sent. Try again in 1 s",
        "Messages come too fast, “Where is my parcel xxxxxxxxxxxxxxxxxxxx…” was not sent. Try again in 1 s",
    ]


def test_what_carries_nothing_is_told_about_once_a_second():
    refusals, beat = Refusals(), ClientFrame("HEARTBEAT", {}, None)

    told = [refusals.too_fast(beat, wait=2.2, at=at) for at in (0.0, 0.5, 0.9, 1.0)]

    assert told == [
        "Events come too fast, EVENT_TYPE_HEARTBEAT was not taken. Try again in 3 s", "", "",
        "Events come too fast, EVENT_TYPE_HEARTBEAT was not taken. Try again in 3 s",
    ]  # fmt: skip
