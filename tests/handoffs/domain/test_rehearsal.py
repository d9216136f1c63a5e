"""A rehearsal: how a transcript is read, what of it is looked at, and what settings would make happen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.expectations import Step, expect
from handoffs.domain.levels import apply_level
from handoffs.domain.rehearsal import (
    MOST_CHARACTERS,
    MOST_MESSAGES,
    NO_CUSTOMER,
    NOBODY,
    SITUATIONS,
    TOO_LONG,
    TOO_MANY,
    Following,
    UnreadableTranscript,
    decide_message,
    heard_by_ai,
    mark_evidence,
    read_transcript,
    rehearse,
    try_topic,
)
from handoffs.domain.settings import Level, Sensitivity, SettingsConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Evidence, Trigger
from handoffs.domain.turns import Decision

CONFIG = ProjectConfig()
ASKS = "I want to speak to a person"
LAWYERS = ForbiddenTopicConfig("legal", "Legal threats", "Anything about lawyers", keywords=("lawyer*",))


def rehearse_text(text: str, config: ProjectConfig = CONFIG):
    dialogue = read_transcript(text)
    return rehearse(dialogue, heard_by_ai(dialogue), config=config)


# Reading ----------------------------------------------------------------


def test_a_transcript_is_read_message_by_message_and_a_line_of_nobody_goes_on():
    read = read_transcript("Customer: Hello\nthere\n\nAI: Hi.\nagent:Maya here")
    assert read == (Said("customer", "Hello\nthere", 1), Said("ai", "Hi.", 2), Said("human", "Maya here", 3))


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("User: x", "customer"),
        ("VISITOR : x", "customer"),
        ("**Customer**: x", "customer"),
        ("> Customer: x", "customer"),
        ("Bot: x", "ai"),
        ("Assistant: x", "ai"),
        ("Human: x", "human"),
    ],
)
def test_speakers_have_several_names(line, speaker):
    read = read_transcript(f"{line}\nCustomer: y")
    assert (read[0].speaker, read[0].text) == (speaker, "x")


def test_a_colon_in_a_message_begins_no_other():
    read = read_transcript("Customer: my order\nNumber: 4711, and it is late")
    assert [said.text for said in read] == ["my order\nNumber: 4711, and it is late"]


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("\nHello there\nCustomer: hi", NOBODY, 2),
        ("AI: Hello.", NO_CUSTOMER, 0),
        ("", NO_CUSTOMER, 0),
        ("Customer: x\n" * (MOST_MESSAGES + 1), TOO_MANY, 0),
        ("Customer: " + "x" * MOST_CHARACTERS, TOO_LONG, 0),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_line(text, why, line):
    with pytest.raises(UnreadableTranscript) as refused:
        read_transcript(text)
    assert (refused.value.why, refused.value.line) == (why, line)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        read = read_transcript(text)
    except UnreadableTranscript:
        return
    assert any(said.speaker == "customer" for said in read)
    assert len({said.sequence for said in read}) == len(read)


def test_what_is_said_to_a_person_is_not_looked_at():
    one, answered, two, three, empty = rehearse_text(
        f"Customer: {ASKS}\nAgent: Maya here\nCustomer: {ASKS}\nAI: Fern again\nCustomer:"
    )
    assert [bool(message.weighed) for message in (one, answered, two, three, empty)] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert two.at is None


# What would follow ------------------------------------------------------


def test_a_request_is_followed_as_each_level_says():
    [message] = rehearse_text(f"Customer: {ASKS}")
    assert message.now.trigger is Trigger.EXPLICIT_REQUEST
    assert (message.now.steps, message.now.reaches, message.now.asks_first) == ((Step.TRANSFERS,), True, False)
    assert message.at is not None
    assert message.at[Level.AI_ONLY].steps == (Step.DECLINES,)
    assert not message.at[Level.AI_ONLY].reaches
    assert message.at[Level.QUICK].steps == (Step.TRANSFERS,)
    assert message.at[Level.BALANCED].steps == (Step.COLLECTS, Step.TRANSFERS)
    assert message.at[Level.BALANCED].asks_first


def test_nothing_follows_what_the_ai_just_answers():
    [message] = rehearse_text("Customer: How long does delivery take?")
    assert (message.now.trigger, message.now.steps) == (None, ())


TEXTS = [
    ASKS,
    "How long does delivery take?",
    "You will hear from my lawyers",
    "This is useless, I told you for the third time!!",
    "No, I do not want a person",
    "you stupid bot, get me a human or my lawyer calls",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_rehearsal_says_of_each_level_what_a_turn_at_that_level_decides(text):
    base = replace(CONFIG, forbidden_topics=(LAWYERS,))
    before = "Customer: Where is it?\nAI: Two days.\nCustomer: Where is it?\nAI: Two days.\n"
    *_, message = rehearse_text(f"{before}Customer: {text}", base)
    dialogue = read_transcript(f"{before}Customer: {text}")
    for settings, following in ((base.settings, message.now), *((level, at) for level, at in message.at.items())):
        wanted = apply_level(base.settings, settings) if isinstance(settings, Level) else settings
        decision = decide_message(dialogue, 4, config=replace(base, settings=wanted))
        assert following == decided(decision, wanted)


def decided(decision: Decision, settings: SettingsConfig) -> Following:
    """What a decision makes happen, in the words of the expectations."""
    answered = (T for T in (Trigger.FORBIDDEN_TOPIC, Trigger.EXPLICIT_REQUEST) if T in decision.fired)
    trigger = decision.request.trigger if decision.request else next(answered, None)
    if trigger is None:
        return Following()
    return Following(trigger, next(one.steps for one in expect(settings) if one.situation is SITUATIONS[trigger]))


def test_with_the_master_switch_off_a_forbidden_topic_gets_its_text_and_a_request_is_declined():
    config = replace(CONFIG, settings=SettingsConfig(is_on=False), forbidden_topics=(LAWYERS,))
    [legal] = rehearse_text("Customer: my lawyer will write to you", config)
    [asks] = rehearse_text(f"Customer: {ASKS}", config)
    assert (legal.now.steps, asks.now.steps) == ((Step.FIXED_TEXT,), (Step.DECLINES,))


def test_the_bar_has_the_thresholds_of_every_sensitivity_and_the_projects_own():
    config = replace(CONFIG, settings=SettingsConfig(thresholds={"explicit_request": 0.5}))
    [message] = rehearse_text(f"Customer: {ASKS}", config)
    weighed = next(one for one in message.weighed if one.signal.trigger is Trigger.EXPLICIT_REQUEST)
    assert (weighed.own, weighed.signal.threshold, set(weighed.marks)) == (0.5, 0.5, set(Sensitivity))


def test_a_topic_has_thresholds_of_its_own():
    config = replace(CONFIG, forbidden_topics=(LAWYERS,))
    [message] = rehearse_text("Customer: my lawyer will write to you", config)
    weighed = next(one for one in message.weighed if one.signal.trigger is Trigger.FORBIDDEN_TOPIC)
    assert weighed.signal.fired
    assert weighed.marks


def test_a_topic_is_tried_alone():
    others = replace(CONFIG, forbidden_topics=(replace(LAWYERS, key="other", keywords=("sue",)),))
    signal = try_topic("my LAWYERS say so", LAWYERS, config=others)
    assert signal is not None
    assert signal.fired
    unlike = try_topic("I will sue you", LAWYERS, config=others)
    assert unlike is None or not unlike.fired


# Evidence ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "sentence", "marked"),
    [
        ("Can I speak to a person?", "speak to a person", "", ["speak to a person"]),
        ("It is USELESS.", "useless", "", ["USELESS"]),
        ("I told you, the third time", "told third time", "Frustration: “told”, “third time”", ["told", "third time"]),
        ("other the", "", "Because of “the”", ["the"]),
        ("nothing", "", "Nothing here asks for a person", []),
        ("Straße und STRASSE", "strasse", "", ["STRASSE"]),
        ("", "", "“”", []),
    ],
)
def test_the_words_of_evidence_are_marked_as_they_stand(text, words, sentence, marked):
    parts = mark_evidence(text, [Evidence("", words, sentence)])
    assert "".join(part for part, _ in parts) == text
    assert [part for part, is_marked in parts if is_marked] == marked


@given(st.text(max_size=60), st.text(max_size=10), st.text(max_size=30))
def test_marking_never_changes_the_text(text, words, sentence):
    evidence = [Evidence("", words, f"“{sentence}”"), Evidence("", sentence, "")]
    assert "".join(part for part, _ in mark_evidence(text, evidence)) == text


def test_the_words_of_several_triggers_are_marked_and_none_twice():
    evidence = [Evidence("", "my lawyer calls", ""), Evidence("", "useless", ""), Evidence("", "lawyer", "")]
    parts = mark_evidence("So useless: my lawyer calls", evidence)
    assert parts == (("So ", False), ("useless", True), (": ", False), ("my lawyer calls", True))
