"""What one socket is shown of a streamed answer."""

import pytest

from conversations.domain.streaming import ChunkFilter

PREFIX = "EVENT_TYPE_"


def chunk(index: int, text: str, message_id: str = "m1", **more):
    payload = {"message_id": message_id, "text": text, "chunk_index": index, "is_complete": False, **more}
    return frame("POLY_AGENT_MESSAGE_CHUNK", payload, id=f"c{index}")


def message(text: str, message_id: str = "m1", **more):
    return frame("POLY_AGENT_MESSAGE", {"text": text, "message_id": message_id, **more}, id=message_id, sequence=7)


def frame(kind: str, payload: dict, *, id: str = "f", sequence: int | None = None):
    return {"id": id, "sequence": sequence, "timestamp": "t", "type": PREFIX + kind, "payload": payload}


def shown(*frames) -> list[tuple]:
    """Type, sequence, text, index and whether it is complete, of everything the socket is sent."""
    chunks = ChunkFilter()
    sent = [part for one in frames for part in chunks.take(one)]
    return [
        (
            part["type"].removeprefix(PREFIX),
            part["sequence"],
            part["payload"].get("text"),
            part["payload"].get("chunk_index"),
            part["payload"].get("is_complete"),
        )
        for part in sent
    ]


CHUNK, MESSAGE = "POLY_AGENT_MESSAGE_CHUNK", "POLY_AGENT_MESSAGE"


def test_the_stored_message_completes_the_chunks_and_brings_its_number():
    assert shown(chunk(1, "Two "), chunk(2, "days."), message("Two days.", agent_name="Fern")) == [
        (CHUNK, None, "Two ", 1, False),
        (CHUNK, None, "days.", 2, False),
        (CHUNK, 7, "", 3, True),
    ]


def test_what_the_chunks_lacked_comes_with_the_last():
    assert shown(chunk(1, "Two "), message("Two days."))[-1] == (CHUNK, 7, "days.", 2, True)


def test_what_hangs_on_the_message_comes_with_the_last_chunk_and_the_speaker_does_not():
    chunks = ChunkFilter()
    list(chunks.take(chunk(1, "Here")))
    links = [{"content_url": "https://a.example/", "content_type": "ATTACHMENT_CONTENT_TYPE_URL"}]

    (last,) = chunks.take(message("Here", attachments=links, agent_name="Fern"))

    assert last["payload"] == {
        "message_id": "m1", "text": "", "chunk_index": 2, "is_complete": True, "attachments": links,
    }  # fmt: skip


def test_a_speaker_who_says_that_it_is_over_is_not_believed_before_it_is_stored():
    assert shown(chunk(1, "Two"), chunk(2, "", is_complete=True), message("Two")) == [
        (CHUNK, None, "Two", 1, False),
        (CHUNK, 7, "", 2, True),
    ]


@pytest.mark.parametrize("heard", [[2, 3], [1, 3], [3]], ids=["came in the middle", "missed one", "came at the end"])
def test_a_socket_that_missed_a_chunk_gets_no_more_of_them_and_the_message_whole(heard):
    whole = {1: "a", 2: "b", 3: "c"}
    sent = shown(*(chunk(index, whole[index]) for index in heard), message("abc"))

    assert [kind for kind, *_ in sent].count(MESSAGE) + [last for *_, last in sent].count(True) == 1
    text = "".join(text for kind, _, text, _, _ in sent if kind == CHUNK)
    assert sent[-1][0] == MESSAGE or text == "abc"


def test_a_replay_gives_the_message_whole():
    assert shown(message("Two days.")) == [(MESSAGE, 7, "Two days.", None, None)]


def test_a_message_that_became_another_one_is_told_whole():
    assert shown(chunk(1, "Tw"), message("No idea."))[-1] == (MESSAGE, 7, "No idea.", None, None)


@pytest.mark.parametrize("cut", ["POLY_AGENT_TRIGGERED_HANDOFF", "POLY_AGENT_LEFT", "LIVE_AGENT_JOINED", "SESSION_END"])
def test_an_answer_that_was_cut_off_is_completed_as_far_as_it_came(cut):
    assert shown(chunk(1, "Tw"), frame(cut, {}, sequence=9)) == [
        (CHUNK, None, "Tw", 1, False),
        (CHUNK, None, "", 2, True),
        (cut, 9, None, None, None),
    ]


def test_another_answer_completes_the_one_before():
    assert shown(chunk(1, "Tw"), chunk(1, "Ni", "m2"), message("Nine", "m2")) == [
        (CHUNK, None, "Tw", 1, False),
        (CHUNK, None, "", 2, True),
        (CHUNK, None, "Ni", 1, False),
        (CHUNK, 7, "ne", 2, True),
    ]


def test_everything_else_passes_as_it_is():
    assert shown(chunk(1, "Tw"), frame("USER_MESSAGE", {"text": "hm"}, sequence=3))[1:] == [
        ("USER_MESSAGE", 3, "hm", None, None)
    ]
