"""What docs/responders.md shows is what is read."""

import re
from pathlib import Path

import pytest

from integrations.domain.completions import Prompt, handoff_parameters
from integrations.domain.replies import REPLY, ReplyContent, read_part, read_reply
from integrations.domain.responder_settings import CONNECT_SECONDS, FIRST_BYTE_SECONDS, TOTAL_SECONDS

PAGE = (Path(__file__).parents[2] / "docs" / "responders.md").read_text(encoding="utf-8")


def example(kind):
    (found,) = re.findall(rf"```json {kind}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_answer_it_shows_is_read_and_has_every_field_there_is():
    content = read_reply(example("reply"))
    assert content.handoff is not None
    assert all(f'"{name}"' in example("reply") for name in REPLY["properties"])
    assert all(f'"{name}"' in example("reply") for name in REPLY["properties"]["handoff"]["properties"])


def test_the_parts_it_shows_end_with_a_reply():
    *parts, last = map(read_part, example("parts").splitlines())
    assert (parts, isinstance(last, ReplyContent)) == (["It left ", "on Monday."], True)


@pytest.mark.parametrize("bounds", [CONNECT_SECONDS, FIRST_BYTE_SECONDS, TOTAL_SECONDS])
def test_it_names_the_time_limits(bounds):
    words = re.sub(r"\s+", " ", PAGE)
    assert f"({bounds.least} to {bounds.most}, usually {bounds.usual})" in words


def test_it_names_what_the_tool_takes():
    names = handoff_parameters(Prompt("Fern", ()))["properties"]
    assert all(f"| `{name}` |" in PAGE for name in names)
