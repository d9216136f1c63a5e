"""Hostile text costs time in proportion to its length: 100 kB at most three times what 50 kB cost."""

from contextlib import suppress
from time import process_time

import pytest

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.dialog import sample_dialog
from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.grammar import read_header_name, read_header_value
from handoffs.domain.sip.lint import lint_destination
from handoffs.domain.sip.numbers import read_e164, read_tel_uri
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.route import read_route
from handoffs.domain.sip.uris import read_host, read_sip_uri
from handoffs.domain.sip.variables import expand, flatten, list_variables, write_variable
from handoffs.domain.sip.voice import HeaderConfig, LineConfig, VoiceConfig
from handoffs.domain.sip.wire import encode, render_wire

LINE = LineConfig(domain="sbc.fernhill.example")
UNITS = (
    "a",
    "$a",
    "${",
    "${a",
    "$$",
    "$a.b",
    "a.",
    "-",
    ";a",
    ";a=b",
    "@",
    ":",
    "[",
    "%41",
    "%",
    "&a=",
    "\r\n",
    " ",
    "+4-",
)
UNITS += ("\ud800", "\x00a", "é", "sip:", "?a=b", "X-A:")


def plan_with(text):
    voice = VoiceConfig(route=text, headers=(HeaderConfig("X-A", text), HeaderConfig(text, "$text")))
    made = plan_transfer(
        destination=DestinationConfig(key="a", name="A", voice=voice),
        line=LINE,
        arguments=CallArguments(headers={"X-B": text, text: text}),
        variables={"text": text, "a": "b"},
    )
    return [
        lint for lint in render_wire(made, sample_dialog(made, caller_id=text)) if lint.is_sent and not lint.is_needed
    ]


def lint_all(text):
    voice = VoiceConfig(route=text, headers=(HeaderConfig("X-A", text), HeaderConfig(text, text)))
    return lint_destination(DestinationConfig(key="a", name="A", voice=voice), line=LINE, known_variables=("a.b",))


READERS = {
    "a header name": read_header_name,
    "a header value": read_header_value,
    "a route": read_route,
    "a SIP address": lambda text: read_sip_uri(f"sip:{text}"),
    "a host": read_host,
    "a tel address": lambda text: read_tel_uri(f"tel:{text}"),
    "a number": read_e164,
    "the variables": list_variables,
    "a written variable": write_variable,
    "an expansion": lambda text: expand(text, {"a": "b"}),
    "a flattened value": flatten,
    "a plan and its lines": plan_with,
    "the lints": lint_all,
}


def cost(read, text):
    started = process_time()
    with suppress(Refusal):
        read(text)
    return process_time() - started


def grows_linearly(read, small, large):
    """Twice the text is linear, four times would be quadratic. The least of five costs each, taken in turn so that
    a busy moment meets both; no more rounds than it takes."""
    costs = [[], []]
    for _ in range(5):
        for text, seen in zip((small, large), costs, strict=True):
            seen.append(cost(read, text))
        if min(costs[1]) <= 3 * min(costs[0]) + 0.005:
            return True
    return False


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_hostile_text_takes_time_in_proportion_to_its_length(read, unit):
    small, large = (unit * (size // len(unit)) for size in (50_000, 100_000))
    assert grows_linearly(read, small, large)


def test_a_message_of_many_lines_is_encoded_in_proportion():
    made = plan_transfer(
        destination=DestinationConfig(key="a", name="A", voice=VoiceConfig(route="5001")),
        line=LINE,
        arguments=CallArguments(headers={"X-A": "a"}),
        variables={},
    )
    lines = render_wire(made, sample_dialog(made))
    ours = [line for line in lines if line.name == "X-A"]
    assert grows_linearly(encode, ours * 10_000, ours * 20_000)


def test_a_quadratic_reader_is_found():
    def pile_up(text):
        return [text.count("b") for _ in range(len(text) // 10)]  # long enough to drown the allowance

    # One busy moment may flatter it once, not three times.
    assert not all(grows_linearly(pile_up, "a" * 50_000, "a" * 100_000) for _ in range(3))
