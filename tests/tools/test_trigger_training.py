"""How the models of the triggers are made: duplicates stay together, the same rows give the same bytes."""

import json
from itertools import product

import pytest

from handoffs.domain.triggers.features import SILENT
from tools.train_triggers import write_model
from tools.trigger_training.detectors import said_before
from tools.trigger_training.figures import alarms_among, best_threshold, quality_at
from tools.trigger_training.fitting import Recipe, count_features, fit_model, scaled_counts
from tools.trigger_training.rows import FOLDS, Row, find_groups, fold_of, is_for_development, read_split
from tools.trigger_training.thresholds import score_unseen, threshold_for

RECIPE = Recipe(least_rows=1, kept=60, plain=10, scaled=3, share=0.5)
ANGRY, CALM = ("awful", "rotten", "stupid"), ("blue", "large", "new")
THINGS = ("lamp", "chair", "table", "desk", "shelf", "sofa")


def row(text, label, **rest):
    return Row(text, label, rest.get("source", "made"), rest.get("kind", ""), rest.get("history", ()), text)


@pytest.fixture
def rows():
    said = [(word, thing, label) for label, words in ((1, ANGRY), (0, CALM)) for word, thing in product(words, THINGS)]
    return [row(f"this {word} {thing}", label) for word, thing, label in said]


def test_rows_with_the_same_letters_share_a_group():
    first, second, third = find_groups([{"text": "Call 555!"}, {"text": "call"}, {"text": "call me"}])
    assert first == second != third


def test_turns_that_follow_each_other_share_a_group():
    turns = [
        {"text": "you are rude", "history": ["Hi", "hello", "How are you?"]},
        {"text": "and stupid", "history": ["How are you?", "you are rude", "I am sorry"]},
        {"text": "other", "history": ["Hi", "hey", "What?"]},
    ]
    first, second, third = find_groups(turns)
    assert first == second != third


def test_a_group_is_either_seen_or_not_and_stands_in_one_fold(tmp_path):
    path = tmp_path / "explicit.jsonl"
    lines = [{"text": f"{word}{mark}", "label": 0, "source": "made", "kind": ""} for word in THINGS for mark in ".!?"]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    split = read_split(path)
    assert len(split.training) + len(split.development) == len(lines)
    assert {one.group for one in split.training}.isdisjoint(one.group for one in split.development)
    assert all(is_for_development(one.group) for one in split.development)
    assert len({(one.group, fold_of(one, 0)) for one in split.training}) == len({one.group for one in split.training})


def test_the_same_rows_give_the_same_bytes(rows):
    first, second = (write_model(fit_model(rows, RECIPE, {})) for _ in range(2))
    assert first == second


def test_a_model_tells_new_messages_apart(rows):
    model = fit_model(rows, RECIPE, {})
    assert len(model.weights) == RECIPE.kept
    assert model.weigh("a stupid window").probability > 0.5 > model.weigh("a large window").probability
    assert model.weigh("a stupid window").words[0] == "stupid"


def test_a_silent_word_is_not_learnt(rows):
    model = fit_model(rows, RECIPE, {"stupid": SILENT})
    assert not any("stup" in name or "tupi" in name for name in model.weights)
    assert model.weigh("stupid").probability == model.weigh("").probability


def test_training_reads_the_numbers_the_running_model_reads(rows):
    counted = count_features("this lamp", {})
    matrix = scaled_counts([counted], sorted(counted))
    assert matrix.sum() == pytest.approx(sum(counted.values()) ** 0.5)


def test_nobody_is_scored_by_a_model_that_saw_him(rows):
    marked = [*rows, row("zebra", 1)]
    alone = score_unseen(marked, RECIPE, {}, 0)[-1]
    others = [one for one in marked if fold_of(one, 0) != fold_of(marked[-1], 0)]
    assert alone == fit_model(others, RECIPE, {}).weigh("zebra").probability
    assert {fold_of(one, 0) for one in marked} <= set(range(FOLDS))


@pytest.mark.parametrize(("share", "threshold"), [(0.0, 0.91), (0.1, 0.81), (0.5, 0.41)])
def test_at_a_threshold_at_most_that_share_of_calm_rows_fires(share, threshold):
    calm = [number / 10 for number in range(10)]
    assert threshold_for(share, calm) == threshold
    assert sum(score >= threshold for score in calm) <= share * len(calm)


def test_quality_is_counted_as_the_words_say():
    labels, scores = [1, 1, 0, 0, 1], [0.9, 0.6, 0.7, 0.1, 0.2]
    quality = quality_at(0.5, labels, scores)
    assert (quality.precision, quality.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert quality.auc == pytest.approx(4 / 6)
    assert quality_at(best_threshold(labels, scores), labels, scores).f1 == pytest.approx(6 / 7)


def test_false_alarms_are_counted_by_kind():
    rows = [row("are you a bot", 0, kind="is"), row("bot?", 0, kind="is"), row("human!", 1, kind="is"), row("x", 0)]
    assert str(alarms_among(rows, [0.9, 0.1, 0.9, 0.9], 0.5, "is")) == "1 of 2"


def test_the_last_of_a_history_is_the_ais():
    said = said_before(row("rude", 1, history=("Hi", "hello", "How are you?")))
    assert [(one.speaker, one.text) for one in said] == [("ai", "Hi"), ("customer", "hello"), ("ai", "How are you?")]
