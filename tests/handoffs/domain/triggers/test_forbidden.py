"""Forbidden topics: keywords for certain, likeness against ordinary messages, and what is told of either."""

from time import perf_counter, process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.settings import Sensitivity, SettingsConfig
from handoffs.domain.triggers.detection import detect
from handoffs.domain.triggers.forbidden import detect_forbidden_topic, score_topics
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Trigger

LEGAL = ForbiddenTopicConfig(
    "legal",
    "Legal action",
    "Threats to sue us",
    (
        "I will sue you",
        "my lawyer will contact you",
        "see you in court",
        "I'm taking legal action against your company",
        "you will hear from my attorney",
    ),
    keywords=("solicitor*",),
)
MEDICAL = ForbiddenTopicConfig(
    "medical",
    "Medical advice",
    "",
    (
        "what dose of ibuprofen can I take",
        "is this rash dangerous",
        "can I take this with my blood pressure pills",
        "my chest hurts, what should I do",
        "which medicine helps against fever",
    ),
)
SPANISH = ForbiddenTopicConfig(
    "abogado",
    "Acciones legales",
    "",
    (
        "Voy a llamar a mi abogado",
        "Les voy a demandar",
        "Nos vemos en el juzgado",
        "Voy a tomar acciones legales contra ustedes",
        "Mi abogado se pondrá en contacto",
    ),
)
NAME_ONLY = ForbiddenTopicConfig("named", "Legal action", "Threats to sue us")


def signals(text, *topics, sensitivity=Sensitivity.NORMAL, turn=0):
    return detect_forbidden_topic(text, topics=topics, sensitivity=sensitivity, turn=turn)


def fired(text, *topics, sensitivity=Sensitivity.NORMAL):
    return [signal.topic for signal in signals(text, *topics, sensitivity=sensitivity) if signal.fired]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("my attorney will be in touch", "legal"),
        ("I am filing a lawsuit", "legal"),
        ("My parcel came broken. I want my money back. Otherwise this goes to court.", "legal"),
        ("how many pills may I take per day", "medical"),
        ("which tablets help with a headache", "medical"),
        ("I spoke to two solicitors", "legal"),
    ],
)
def test_what_is_like_the_examples_fires_in_other_words(text, topic):
    assert fired(text, LEGAL, MEDICAL) == [topic]


@pytest.mark.parametrize(
    "text",
    [
        "Hello, where is my order?",
        "I'd like to change my delivery address",
        "Could you send me the invoice by mail?",
        "The parcel came yesterday but a part is missing",
        "Thanks, all good",
        "ok",
        "",
        "?!",
        "你好",
        "12345",
    ],
)
def test_an_ordinary_message_fires_nothing(text):
    assert fired(text, LEGAL, MEDICAL, SPANISH, sensitivity=Sensitivity.HIGH) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hola, ¿dónde está mi pedido?",
        "Quiero cambiar mi dirección de entrega",
        "No puedo entrar en mi cuenta",
        "Hallo, wo ist meine Bestellung?",
        "Ich möchte meine Lieferadresse ändern",
        "Bonjour, où est ma commande ?",
        "Je voudrais changer mon adresse de livraison",
    ],
)
def test_a_message_is_not_like_a_topic_for_being_in_its_language(text):
    assert fired(text, SPANISH) == []


def test_examples_in_another_language_are_compared_too():
    assert fired("mi abogado los va a llamar", SPANISH) == ["abogado"]


def test_a_keyword_is_certain_and_tells_the_words_it_found():
    (signal,) = signals("My Solicitors say otherwise", LEGAL, turn=3)
    assert (signal.trigger, signal.topic, signal.score, signal.fired, signal.turn) == (
        Trigger.FORBIDDEN_TOPIC, "legal", 1.0, True, 3,
    )  # fmt: skip
    assert signal.evidence.rule == "keyword"
    assert signal.evidence.words == "Solicitors"
    assert signal.evidence.sentence == "Keyword “solicitor*”: “Solicitors”"


def test_a_keyword_is_found_however_far_into_a_message():
    assert fired("word " * 20_000 + "solicitor", LEGAL) == ["legal"]


def test_likeness_tells_the_nearest_example_and_the_sentence_that_is_like_it():
    (signal,) = signals("The box was wet. My lawyer will write to you. Bye", LEGAL)
    assert signal.evidence.rule == "likeness"
    assert signal.evidence.words == "My lawyer will write to you"
    assert signal.evidence.sentence.startswith("Like “my lawyer will contact you” (.")


def test_the_strongest_that_fires_comes_before_the_nearest_that_does_not():
    found = signals("my attorney will be in touch", MEDICAL, LEGAL)
    assert [(signal.topic, signal.fired) for signal in found] == [("legal", True), ("medical", False)]
    assert found[0].score > found[1].score


def test_without_topics_there_is_nothing_to_tell():
    assert signals("I will sue you") == ()


def test_likeness_fires_at_high_before_normal_and_never_at_low():
    thresholds = [
        signals("see you in court", LEGAL, sensitivity=one)[0].threshold
        for one in (Sensitivity.HIGH, Sensitivity.NORMAL, Sensitivity.LOW)
    ]
    assert thresholds == sorted(set(thresholds))
    assert thresholds[1:] == [0.5, 1.0]
    assert fired("I will sue you", LEGAL, sensitivity=Sensitivity.LOW) == []
    assert fired("ask my solicitor", LEGAL, sensitivity=Sensitivity.LOW) == ["legal"]


def test_a_topic_without_examples_is_like_nothing_but_has_its_keywords():
    (signal,) = signals("I am taking legal action and will sue you", NAME_ONLY)
    assert (signal.fired, signal.score) == (False, 0.0)
    assert signal.evidence.sentence == "No example to compare with"


def test_scores_for_measuring_keep_the_order_of_likeness():
    topics = {"a": LEGAL, "b": MEDICAL}
    texts = ["I will sue you", "my attorney will be in touch", "court fees", "hello there"]
    scores = [score_topics(text, topics)["a"] for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert scores[1] >= 0.5 > scores[3] > 0
    assert score_topics("I will sue you", topics).keys() == topics.keys()


def test_the_door_of_all_triggers_asks_forbidden_topics_first():
    config = ProjectConfig(settings=SettingsConfig(), forbidden_topics=(MEDICAL, LEGAL))
    found = detect("my attorney will be in touch", history=(), config=config)
    assert [signal.topic for signal in found][:2] == ["legal", "medical"]
    assert found[0].fired


def test_who_asks_at_the_end_of_a_long_letter_is_heard():
    letter = "The parcel came on Tuesday and one of the cups was missing. " * 500
    found = detect(f"{letter} Please let me talk to a person", history=(), config=ProjectConfig())
    assert {signal.trigger for signal in found if signal.fired} == {Trigger.EXPLICIT_REQUEST}


def test_a_sentence_model_takes_the_place_of_the_shipped_directions():
    asked = []

    def embed(text):
        asked.append(text)
        return tuple(float(place == len(text) % 2) for place in range(384))

    near = detect_forbidden_topic("see you", topics=(LEGAL,), sensitivity=Sensitivity.NORMAL, embed=embed)
    assert {"see you", LEGAL.name, *LEGAL.examples} == set(asked)
    assert near[0].evidence.rule == "likeness"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered_with_scores_from_0_to_1(text):
    for signal in signals(text, LEGAL, SPANISH):
        assert 0 <= signal.score <= 1
        assert signal.fired == (signal.score >= signal.threshold)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_examples_make_a_topic(examples):
    assert signals("see you in court", ForbiddenTopicConfig("x", "x", "", tuple(examples)))


def test_the_time_grows_with_the_text_and_no_faster():
    def seconds(piece, length):
        text = piece * (length // len(piece))
        started = process_time()
        signals(text, LEGAL)
        return process_time() - started

    seconds("x", 1_000)
    for piece in ("x", "a.", "é ", "court "):
        assert any(seconds(piece, 100_000) <= 3 * seconds(piece, 50_000) + 0.002 for _ in range(5)), piece


def test_a_long_message_is_read_once_however_many_topics_there_are():
    topics = [ForbiddenTopicConfig(str(number), "", "", keywords=(f"never{number}",)) for number in range(100)]
    text = "word " * 20_000

    def seconds(*looked_for):
        started = process_time()
        with looking():
            signals(text, *looked_for)
        return process_time() - started

    assert min(seconds(*topics) for _ in range(3)) <= 20 * min(seconds(topics[0]) for _ in range(3))


def test_an_ordinary_message_costs_less_than_the_budget():
    signals("warm up", LEGAL, MEDICAL, SPANISH)
    spent = []
    for _ in range(50):
        started = perf_counter()
        signals("I would like to know where my order is and when it comes", LEGAL, MEDICAL, SPANISH)
        spent.append(perf_counter() - started)
    assert min(spent) < 0.001
