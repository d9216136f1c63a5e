import pytest

from handoffs.domain.moments import Happened, LeftOut, Moment, judge_episode, marks_of, read_episodes
from handoffs.domain.triggers.dialogue import Said

MARK = "should_have_handed_off"


def timeline(*steps):
    """Events out of `customer: text`, `ai: text`, `human: text`, `to <owner> [handoff trigger]`."""
    return [happened(sequence, *step.split(maxsplit=1)) for sequence, step in enumerate(steps, 1)]


def happened(sequence, word, rest):
    if word != "to":
        payload = {"erased_at": "2026-11-20"} if rest == "ERASED" else {"text": rest}
        return Happened(sequence, f"{word.rstrip(':')}.message", payload)
    owner, *handoff = rest.split()
    named = dict(zip(("handoff_id", "trigger"), handoff, strict=False))
    return Happened(sequence, "handoff.triggered", {"now": {"owner_kind": owner, **named}})


ONE = timeline("ai: Hello", "customer: My bill", "ai: Pay it", "customer: A person", "to queue h1 explicit_request")


def only(events):
    (episode,) = read_episodes(events)
    return episode


@pytest.mark.parametrize(
    ("verdict", "marks", "moment"),
    [
        ("needed", [], Moment(4, True, "needed", "explicit_request")),
        ("wrong_desk", [], Moment(4, True, "wrong_desk", "explicit_request")),
        ("escalated_unnecessarily", [], Moment(4, False, "escalated_unnecessarily", "explicit_request")),
        ("too_late", [], Moment(2, True, "too_late")),
        ("too_late", [2], Moment(2, True, MARK)),
        ("needed", [2], Moment(2, True, MARK)),
        ("", [2], Moment(2, True, MARK)),
        ("", [3], Moment(2, True, MARK)),
        ("", [1], Moment(2, True, MARK)),
        ("needed", [4], Moment(4, True, MARK, "explicit_request")),
        ("", [4, 2], Moment(2, True, MARK)),
        ("wrong_topic", [], LeftOut.WRONG_TOPIC),
        ("escalated_unnecessarily", [2], LeftOut.CONTRADICTED),
    ],
)
def test_what_reviewers_say_names_a_moment(verdict, marks, moment):
    assert judge_episode(only(ONE), verdict=verdict, marks=marks) == moment


def test_too_late_at_the_first_message_can_only_mean_that_one():
    episode = only(timeline("customer: A person", "to queue h1 explicit_request"))
    assert judge_episode(episode, verdict="too_late", marks=[]) == Moment(1, True, "too_late")


def test_who_is_taken_over_by_a_person_was_found_by_no_trigger():
    episode = only(timeline("customer: Nothing works", "to human h1 human_takeover"))
    assert judge_episode(episode, verdict="needed", marks=[]) == Moment(1, True, "needed")


def test_erased_words_say_nothing():
    episode = only(timeline("customer: ERASED", "customer: A person", "to queue h1 explicit_request"))
    assert judge_episode(episode, verdict="needed", marks=[]) is LeftOut.ERASED


def test_a_handoff_before_the_customer_said_anything_is_no_moment():
    assert judge_episode(only(timeline("to human h1 api")), verdict="needed", marks=[]) is LeftOut.SILENT


TWO = timeline(
    "customer: A person", "to queue h1 explicit_request", "to human h1", "customer: Thanks", "human: Gladly", "to ai",
    "customer: Still broken", "ai: Restart it", "customer: Useless", "to queue h2 frustration",
)  # fmt: skip


def test_what_is_said_to_a_person_is_no_part_of_an_episode_and_of_what_was_said_before():
    first, second = read_episodes(TWO)
    assert (first.sequences, first.handoffs, first.trigger) == ([1], ["h1", "h1"], "explicit_request")
    assert (second.sequences, second.handoffs, second.trigger) == ([7, 9], ["h2"], "frustration")
    assert second.dialogue[second.heard[0] - 1] == Said("human", "Gladly", 5)


def test_a_mark_belongs_to_the_episode_it_stands_in():
    episodes = read_episodes(TWO)
    assert [marks_of(one, episodes, [1, 7, 8]) for one in episodes] == [[1], [7, 8]]


def test_a_chain_of_handoffs_nobody_took_ends_one_episode():
    chained = timeline("customer: A person", "to queue h1 explicit_request", "to queue h2 explicit_request")
    assert only(chained).handoffs == ["h1", "h2"]


def test_an_answer_that_was_none_is_known_as_such():
    events = [Happened(1, "ai.message", {"text": "Sorry?", "understood": False})]
    assert only(events).dialogue == [Said("ai", "Sorry?", 1, understood=False)]
