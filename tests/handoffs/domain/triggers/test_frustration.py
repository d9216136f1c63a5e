"""Frustration: who has had enough is noticed, a calm customer is left alone, and the score says why."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.settings import Sensitivity
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.frustration import NOTHING, combine, detect_frustration
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import THRESHOLDS

READILY = THRESHOLDS[Trigger.FRUSTRATION][Sensitivity.HIGH]

FED_UP = (
    "You are useless",
    "this is so annoying, you stupid bot",
    "What a waste of my time!!!",
    "I am sick of this rubbish",
    "I'm really angry now, this is ridiculous",
    "You never understand anything, idiot",
    "worst service I have ever seen",
    "THIS IS A JOKE",
    "shut up",
    "I hate this thing",
    "Ihr seid so unfähig, ich bin stinksauer!",
    "Du bist ein nutzloser Idiot",
    "Estoy harto, esto es una vergüenza",
    "C'est inadmissible, j'en ai marre",
    "Sono furioso, è una vergogna",
    "Estou furioso, isto é uma vergonha",
    "Ik ben woedend, wat een waardeloze bot",
)
CALM = (
    "Hello",
    "Where is my order?",
    "My card was stolen",
    "The page does not load",
    "I was charged twice, can you check?",
    "My parcel has not arrived yet",
    "I forgot my password",
    "It does not work on my phone",
    "No, for three people please",
    "I would like to cancel my subscription",
    "The lamp arrived broken",
    "Thank you, that helped",
    "Why was my payment declined?",
    "I cannot log in",
    "How do I return a dress that is too small?",
    "Die Seite lädt nicht",
    "Meine Karte wurde gestohlen",
    "Danke, das hat geholfen",
    "Das Paket war beschädigt",
    "Mi tarjeta fue robada",
    "No puedo entrar en mi cuenta",
    "Ma commande n'est pas arrivée",
    "Je voudrais changer mon adresse",
    "Il pacco non è arrivato",
    "Vorrei cambiare la data",
    "O meu cartão foi roubado",
    "Mijn pakket is niet aangekomen",
    "Ik kan niet inloggen",
)


def score(text, *history):
    return detect_frustration(text, history=history, threshold=READILY).score


def talk(*texts):
    """The customer first, then in turn."""
    return tuple(Said("ai" if place % 2 else "customer", text, place + 1) for place, text in enumerate(texts))


@pytest.mark.parametrize("text", FED_UP)
def test_who_has_had_enough_is_noticed(text):
    assert detect_frustration(text, history=(), threshold=READILY).fired


@pytest.mark.parametrize("text", CALM)
def test_a_problem_told_calmly_does_not_fire_even_where_it_fires_readily(text):
    assert not detect_frustration(text, history=(), threshold=READILY).fired


def test_one_correction_does_not_fire():
    history = talk("A table for two on Friday", "A table for two on Thursday. Shall I book it?")
    assert not detect_frustration("No, I said Friday", history=history, threshold=READILY).fired


def test_corrections_one_after_another_do():
    failed = "Sorry, I could not find a table for Thursday."
    history = talk("A table for Friday", failed, "No, I said Friday", failed, "That's wrong, I meant Friday", failed)
    signal = detect_frustration("No! I already said Friday, not Thursday", history=history, threshold=READILY)
    assert signal.fired
    assert signal.evidence.rule == "course"
    assert signal.evidence.sequences


def test_a_dislike_the_ai_asked_for_is_no_frustration():
    asked = talk("I watch a lot of films", "What kind of films do you not like?")
    disliked = "I hate the blood and they are boring"
    assert not detect_frustration(disliked, history=asked, threshold=READILY).fired
    assert detect_frustration("You stupid bot, I hate you", history=asked, threshold=READILY).fired
    assert score(disliked, *asked) < score(disliked) / 2


def test_each_failure_raises_the_score():
    failed = "Sorry, I did not understand that."
    talks = [talk(*["Change my flight", failed] * rounds) for rounds in range(4)]
    scores = [score("No, change my flight", *history) for history in talks]
    assert all(before < after for before, after in pairwise(scores))


def test_the_sentence_quotes_the_customer():
    signal = detect_frustration("You are useless", history=(), threshold=READILY, turn=4)
    assert (signal.trigger, signal.turn, signal.evidence.rule) == (Trigger.FRUSTRATION, 4, "words")
    assert signal.evidence.sentence.startswith(f"Frustration {signal.score:.2f}: “")
    assert "useless" in signal.evidence.sentence


def test_a_calm_message_has_nothing_to_explain():
    assert detect_frustration("Where is my order?", history=(), threshold=READILY).evidence == NOTHING


@given(st.floats(-8, 8), st.floats(0, 6), st.floats(0, 6))
def test_a_worse_course_never_lowers_the_score(said, one, other):
    better, worse = sorted((one, other))
    assert combine(said, better) <= combine(said, worse)


@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(-3, 6))
def test_an_angrier_message_never_lowers_the_score(one, other, lift):
    calmer, angrier = sorted((one, other))
    assert combine(calmer, lift) <= combine(angrier, lift)


@given(st.text())
def test_any_text_has_a_score(text):
    assert 0 <= score(text) <= 1


@pytest.mark.parametrize("piece", ["no ", "a", "!!!", "You are useless. ", "ä\u0301", "😡", "f*", "not "])
def test_the_time_grows_with_the_text_and_no_faster(piece):
    def seconds(length):
        text = (piece * length)[:length]
        times = []
        for _ in range(3):
            begun = process_time()
            score(text)
            times.append(process_time() - begun)
        return min(times)

    assert seconds(16_000) <= 3 * seconds(8_000) + 0.01


def test_the_sentence_quotes_nothing_twice():
    history = (Said("customer", "Wo ist meine Bestellung?", 3), Said("ai", "Das weiß ich nicht.", 4, understood=False))
    said = "Das ist doch völlig nutzlos, ich habe es schon dreimal gesagt!"
    evidence = detect_frustration(said, history=history, threshold=0.5).evidence
    quotes = [part.partition("”")[0] for part in evidence.sentence.split("“")[1:]]
    assert quotes
    assert len(quotes) == len(set(quotes))
    assert ", the AI had no answer" in evidence.sentence
