import timeit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger
from handoffs.domain.turns import Verdict
from integrations.domain.completions import Completion
from integrations.domain.judging import (
    NoJudgement,
    answer_schema,
    ask_about,
    build_judgement,
    mask,
    read_judgement,
)
from integrations.domain.responder_settings import OpenAiSettings, TokenLimit

SETTINGS = OpenAiSettings(url="https://llm.example/v1", model="judge-1")
TALK = tuple(
    Said("customer" if number % 2 else "ai", f"Line {'abcdefghi'[number - 1]}", number) for number in range(1, 10)
)


def unsure(trigger: Trigger, turn: int = 0) -> Signal:
    return Signal(trigger, 0.3, 0.5, False, Evidence("", "", "so"), turn)


QUESTIONS = ask_about([unsure(Trigger.FRUSTRATION), unsure(Trigger.UNPRODUCTIVE, 1)], sequences=[7, 9], dialogue=TALK)


def test_each_signal_is_a_question_about_its_message_among_the_last_six():
    assert [(question.name, question.number) for question in QUESTIONS] == [("frustration_1", 4), ("unproductive_2", 6)]


def test_a_message_that_is_not_shown_is_not_asked_about():
    assert ask_about([unsure(Trigger.FRUSTRATION)], sequences=[3], dialogue=TALK) == ()


def test_the_request_holds_the_last_six_messages_and_the_schema_of_the_answer():
    body = build_judgement(QUESTIONS, dialogue=TALK, settings=SETTINGS)
    assert (body["model"], body["stream"], body["max_tokens"]) == ("judge-1", False, 200)
    assert body["response_format"]["json_schema"]["schema"] == answer_schema(QUESTIONS)
    system, user = body["messages"]
    assert "frustration_1: Is the customer frustrated, angry or fed up when they write message 4?" in system["content"]
    assert [item["message"] for item in orjson.loads(user["content"])] == [1, 2, 3, 4, 5, 6]
    assert [item["text"] for item in orjson.loads(user["content"])] == [f"Line {letter}" for letter in "defghi"]


def test_a_server_that_knows_the_limit_by_its_new_name_is_told_by_that():
    settings = OpenAiSettings(url="https://llm.example/v1", model="m", token_limit=TokenLimit.CURRENT)
    assert build_judgement(QUESTIONS, dialogue=TALK, settings=settings)["max_completion_tokens"] == 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order 7741 is late", "Order [number] is late"),
        ("Call +44 (0)20 7946-0958 now", "Call [number] now"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN DE[number]."),
        ("ana.ruiz+shop@example.com wrote", "[e-mail] wrote"),
        ("me:<a@b.c>, ok", "[e-mail] ok"),
        ("\u0664\u0662 days", "[number] days"),
        ("1,5 or 2.000,00", "[number] or [number]"),
        ("nothing to hide", "nothing to hide"),
        ("", ""),
    ],
)
def test_numbers_and_addresses_are_masked(text, shown):
    assert mask(text) == shown


@given(st.text(max_size=300))
def test_nothing_masked_holds_a_digit_or_an_address(text):
    shown = mask(text)
    assert not any(character.isdecimal() for character in shown)
    assert "@" not in shown


@pytest.mark.parametrize("piece", ["1 ", "1.", "(", "a", "@", "+", "1          "])
def test_masking_takes_time_that_grows_with_the_length(piece):
    def took(length: int) -> float:
        """The best of some: this machine may be busy with something else."""
        text = (piece * length)[:length] + "x"
        return min(timeit.repeat(lambda: mask(text), number=1, repeat=5))

    # Were it squared, eight times the text would cost sixty-four times as much.
    assert took(80_000) < 32 * max(took(10_000), 0.0005)


def said(text: str, finish: str = "stop", **more) -> Completion:
    return Completion(text=text, finish=finish, **more)


def test_an_answer_of_the_schema_is_a_verdict_for_each_question():
    answer = said('{"frustration_1": true, "unproductive_2": false}')
    assert read_judgement(answer, QUESTIONS) == (
        Verdict(Trigger.FRUSTRATION, 0, True),
        Verdict(Trigger.UNPRODUCTIVE, 1, False),
    )


@pytest.mark.parametrize(
    "answer",
    [
        said(""),
        said("yes"),
        said("```json\n{}\n```"),
        said("[]"),
        said('{"frustration_1": true}'),
        said('{"frustration_1": true, "unproductive_2": "false"}'),
        said('{"frustration_1": 1, "unproductive_2": 0}'),
        said('{"frustration_1": true, "unproductive_2": false, "why": "x"}'),
        said('{"frustration_1": true, "unproductive_2": false}', finish="length"),
        said('{"frustration_1": true, "unproductive_2": false}', finish=""),
        said('{"frustration_1": true, "unproductive_2": false}', refusal="No."),
        said('{"frustration_1": true, "unproductive_2": false}', calls={0: {"name": "x", "arguments": "{}"}}),
    ],
)
def test_anything_else_is_no_answer_and_is_not_quoted(answer):
    with pytest.raises(NoJudgement) as refused:
        read_judgement(answer, QUESTIONS)
    assert "why" not in str(refused.value)
