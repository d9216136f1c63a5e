"""Turns that lead nowhere are counted: two, three and four are the thresholds of the three sensitivities."""

import pytest

from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.unproductive import NOTHING, detect_unproductive

QUESTIONS = ("Where is my parcel?", "Number 55", "It was sent on Monday", "By post I think", "To Leeds")


def conversation(*answers, understood=False):
    said = []
    for question, answer in zip(QUESTIONS, answers, strict=False):
        said += [Said("customer", question, len(said) + 1), Said("ai", answer, len(said) + 2, understood)]
    return said


def detect(text, history, threshold=0.6):
    return detect_unproductive(text, history=history, threshold=threshold, turn=7)


@pytest.mark.parametrize(("failed", "score"), [(0, 0.0), (1, 0.2), (2, 0.4), (3, 0.6), (4, 0.8)])
def test_each_turn_that_failed_counts_a_fifth(failed, score):
    history = conversation(*("Hm.",) * failed)
    assert detect("Anything?", history).score == score


@pytest.mark.parametrize(("threshold", "failed"), [(0.4, 2), (0.6, 3), (0.8, 4)])
def test_the_thresholds_stand_for_two_three_and_four_failed_turns(threshold, failed):
    assert detect("Anything?", conversation(*("Hm.",) * failed), threshold).fired
    assert not detect("Anything?", conversation(*("Hm.",) * (failed - 1)), threshold).fired


def test_the_signal_says_what_failed_and_where():
    signal = detect("Anything?", conversation("Hm.", "Hm.", "Hm."))
    assert (signal.trigger, signal.fired, signal.turn) == (Trigger.UNPRODUCTIVE, True, 7)
    assert signal.evidence.rule == "not_understood"
    assert signal.evidence.sentence == "The AI did not understand 3 times"
    assert signal.evidence.sequences == (2, 4, 6)


def test_the_same_question_again_is_worth_two():
    history = conversation("It is on its way.", understood=True)
    signal = detect("where is my parcel??", history, 0.4)
    assert (signal.score, signal.fired) == (0.4, True)
    assert signal.evidence.sentence == "The customer asked the same again once"


def test_another_question_of_the_same_form_is_not_the_same():
    history = conversation("It is on its way.", understood=True)
    assert detect("Where is my refund?", history).score == 0.0


def test_the_same_answer_again_is_worth_two():
    history = conversation("Your parcel is on its way.", "Your parcel is on its way.", understood=True)
    signal = detect("And when does it come?", history)
    assert (signal.score, signal.evidence.rule, signal.evidence.sequences) == (0.4, "repeated_answer", (4,))


def test_asking_again_whether_there_is_anything_else_is_no_repetition():
    history = conversation("Anything else I can help with?", "Anything else I can help with?", understood=True)
    assert detect("My invoice", history).evidence == NOTHING


@pytest.mark.parametrize(
    "answer",
    [
        "Sorry, I did not understand that.",
        "Das habe ich leider nicht verstanden.",
        "Ik begrijp je niet.",
        "Je n'ai pas compris.",
        "No entendí eso.",
        "Non ho capito.",
        "Não entendi.",
    ],
)
def test_an_ai_that_says_it_did_not_understand_failed(answer):
    assert detect("Number 55", conversation(answer, understood=True)).score == 0.2


def test_an_ai_that_found_nothing_failed_and_is_counted_once_however_often_it_says_so():
    history = conversation("There are no results.", "There are no results.", understood=True)
    signal = detect("Really?", history)
    assert signal.score == 0.4
    assert signal.evidence.sentence == "The AI found nothing 2 times; the AI gave the same answer again once"


def test_turns_before_a_human_spoke_do_not_count():
    history = [*conversation("Hm.", "Hm.", "Hm."), Said("human", "Hello, Ana here", 7)]
    assert detect("Anything?", history).evidence == NOTHING


def test_a_conversation_that_goes_well_scores_nothing():
    history = conversation("It is on its way.", "It comes tomorrow.", understood=True)
    assert detect("Thanks", history).score == 0.0
