"""How a conversation goes: corrections, rejections, repetition and an AI that finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.course import Course, read_course
from handoffs.domain.triggers.dialogue import Said
from tests.handoffs.domain.triggers.scripted import BAD, GOOD, read_script

OFFER = Said("ai", "I found Da Luigi in the south. Shall I book it?", 2)
WISH = Said("customer", "A table for two in the north please", 1)


def course_of(script):
    text, history = read_script(script)
    return read_course(text, history=history)


def score(text, *history):
    return read_course(text, history=history or (WISH, OFFER)).score


@pytest.mark.parametrize("name", BAD)
def test_a_conversation_that_goes_wrong_scores_above_every_one_that_goes_well(name):
    assert course_of(BAD[name]).score > max(course_of(script).score for script in GOOD.values())


@pytest.mark.parametrize("name", GOOD)
def test_a_conversation_that_goes_well_scores_next_to_nothing(name):
    assert course_of(GOOD[name]).score < 0.05


def test_nothing_can_have_gone_wrong_before_the_ai_spoke():
    assert read_course("No, that is wrong, I said the north", history=()) == Course(0.0)
    assert read_course("No, that is wrong, I said the north", history=(WISH,)) == Course(0.0)


def test_nothing_counts_from_before_a_human_spoke():
    text, history = read_script(BAD["service booking: corrected twice"])
    assert read_course(text, history=(*history, Said("human", "Hello, this is Ana", 6))) == Course(0.0)


def test_one_correction_alone_stays_low():
    assert 0.05 < score("No, I meant the north") < 0.4


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("No, I meant the north", "Is there something else?"),
        ("That's not what I said", "How about the east?"),
        ("Is there something else?", "What is the address?"),
        ("Are you sure?", "What is the address?"),
        ("No.", "Yes."),
        ("What is the address?", "Great, thank you"),
        ("Not interested", "I will take it"),
        ("This is ridiculous, I said the north", "I said the north"),
        ("I said the north, thanks", "Thanks"),
    ],
)
def test_answers_to_an_offer_are_ranked_by_how_much_they_complain(worse, better):
    assert score(worse) > score(better)


@pytest.mark.parametrize(
    "text",
    [
        "No, I meant the north",
        "Nein, ich meinte den Norden",
        "Nee, ik bedoelde het noorden",
        "Non, je voulais dire le nord",
        "No, quise decir el norte",
        "No, intendevo il nord",
        "Não, eu quis dizer o norte",
    ],
)
def test_a_correction_is_heard_in_every_language(text):
    assert score(text) > 4 * score("Ok, and then the time?")


@pytest.mark.parametrize(
    "answer",
    [
        "Unfortunately I could not find anything.",
        "Leider konnte ich nichts finden.",
        "Helaas kon ik niets vinden.",
        "Malheureusement je n'ai rien trouvé.",
        "Lamentablemente no encontré nada.",
        "Purtroppo non ho trovato nulla.",
        "Infelizmente não encontrei nada.",
    ],
)
def test_an_ai_that_found_nothing_counts_in_every_language(answer):
    assert score("And tomorrow?", WISH, Said("ai", answer, 2)) > 1.5 * score("And tomorrow?")


def test_a_no_to_anything_else_is_no_complaint():
    finished = Said("ai", "It is booked. Can I help with anything else?", 2)
    assert score("No", WISH, finished) < score("No") / 2


def test_a_dislike_that_was_asked_for_is_no_complaint():
    asked = Said("ai", "What do you dislike about that film?", 2)
    assert score("I hated the ending", WISH, asked) < score("I hated the ending") / 3


def test_saying_the_same_again_counts_and_names_the_message():
    course = read_course("a table for two in the north, please", history=(WISH, OFFER))
    assert course.sentences == ("Said the same again",)
    assert course.sequences == (1,)
    assert course.score > 2 * score("Is it far from the station?")


def test_an_ai_that_repeats_itself_counts_and_names_both_messages():
    again = Said("ai", OFFER.text, 4)
    course = read_course("And parking?", history=(WISH, OFFER, Said("customer", "Is it nice?", 3), again))
    assert course.sentences == ("The AI gave the same answer again",)
    assert course.sequences == (2, 4)


def test_an_answer_marked_as_not_understood_counts_whatever_it_says():
    failed = Said("ai", OFFER.text, 2, understood=False)
    assert score("And parking?", WISH, failed) > 2 * score("And parking?")


def test_anger_is_told_and_that_it_was_there_before():
    calm, angry = Said("customer", "Is it far?", 3), Said("customer", "So frustrating, I am fed up", 3)
    last = Said("ai", "It takes ten minutes on foot.", 4)
    growing = read_course("You are useless, this is ridiculous", history=(WISH, OFFER, calm, last))
    staying = read_course("You are useless", history=(WISH, OFFER, angry, last))
    assert growing.sentences == ("Is exasperated: “you are useless”",)
    assert staying.sentences[:2] == ("Is exasperated: “you are useless”", "Was exasperated before")
    assert staying.sequences == (3,)


def test_the_words_are_quoted_with_the_weightiest_first():
    course = read_course("No, I meant the north", history=(WISH, OFFER))
    assert course.sentences == ("Corrected the AI: “i meant”", "Said no: “no”")


SAID = st.builds(Said, st.sampled_from(["customer", "ai", "human"]), st.text(max_size=60), st.integers(0, 99))


@given(st.text(max_size=200), st.lists(SAID, max_size=12))
def test_any_conversation_has_a_course(text, history):
    course = read_course(text, history=history)
    assert 0.0 <= course.score <= 1.0
    assert len(course.sentences) <= 3
    assert {*course.sequences} <= {said.sequence for said in history}


@given(st.lists(SAID, min_size=8, max_size=8), st.lists(SAID, max_size=8), st.text(max_size=60))
def test_only_the_last_eight_messages_are_looked_at(recent, older, text):
    assert read_course(text, history=[*older, *recent]) == read_course(text, history=recent)
