import pytest

from studio.demo.play.transcripts import Script, Skipped, UnreadableFile, read_transcripts
from studio.demo_content.loader import CONVERSATIONS

GOOD = b'{"turns": [{"speaker": "customer", "text": "Hi"}, {"speaker": "agent", "text": "Hello"}]}\n'


@pytest.fixture
def write(tmp_path):
    def write(content: bytes):
        path = tmp_path / "conversations.jsonl"
        path.write_bytes(content)
        return path

    return write


def test_the_shipped_file_can_be_played_whole():
    transcripts = read_transcripts(CONVERSATIONS)
    assert len(transcripts.scripts) >= 20
    assert transcripts.skipped == ()


@pytest.mark.parametrize("speaker", ["customer", "Customer", "USER", "client", "caller ", " User"])
def test_customers_go_by_several_names_in_any_case(write, speaker):
    line = '{"turns": [{"speaker": "%s", "text": "Hi"}, {"speaker": "bot", "text": "Hello"}]}' % speaker  # noqa: UP031
    assert read_transcripts(write(line.encode())).scripts == (Script(1, ("Hi",)),)


def test_only_the_customers_words_are_played_in_their_order_and_as_they_are(write):
    line = """{"id": 7, "turns": [{"speaker": "customer", "text": " a ", "at": 1}, {"speaker": "agent", "text": "x"},
      {"speaker": "customer", "text": "   "}, {"speaker": "customer", "text": "b\\nc \\u2603"}]}""".replace("\n", "")
    assert read_transcripts(write(line.encode())).scripts == (Script(1, (" a ", "b\nc \u2603")),)


def test_what_is_malformed_is_skipped_with_its_line_and_reason(write):
    bad = (b"nonsense", b'"text"', b'{"turns": {}}', b'{"turns": ["hi"]}', b'{"turns": [{"speaker": "user"}]}',
           b'{"turns": [{"speaker": 3, "text": "x"}]}', b'{"turns": []}', b"\xff\xfe",
           b'{"turns": [{"speaker": "agent", "text": "x"}]}')  # fmt: skip
    transcripts = read_transcripts(write(GOOD + b"\n".join(bad) + b"\n\n" + GOOD))
    assert [script.line for script in transcripts.scripts] == [1, 12]
    assert [(line.line, line.why.partition(":")[0]) for line in transcripts.skipped] == [
        (2, "no JSON"),
        (3, "no conversation"),
        (4, "no conversation"),
        (5, "turn 1 is no object"),
        (6, 'turn 1 needs "speaker" and "text", both as text'),
        (7, 'turn 1 needs "speaker" and "text", both as text'),
        (8, "the customer says nothing"),
        (9, "no JSON"),
        (10, "the customer says nothing"),
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write):
    transcripts = read_transcripts(write(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") * 2))
    assert [script.line for script in transcripts.scripts] == [1, 2]


def test_a_limit_counts_what_can_be_played_and_reads_no_further(write):
    transcripts = read_transcripts(write(b"bad\n" + GOOD * 3 + b"bad\n"), limit=2)
    assert [script.line for script in transcripts.scripts] == [2, 3]
    assert [type(line) for line in transcripts.skipped] == [Skipped]


def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path):
    with pytest.raises(UnreadableFile, match=r"absent\.jsonl: No such file or directory"):
        read_transcripts(tmp_path / "absent.jsonl")
    with pytest.raises(UnreadableFile, match="Is a directory"):
        read_transcripts(tmp_path)
