"""The models that ship: what the card says of them is so, they are small, and they know nothing of who people are."""

import hashlib
import json
import re
import tracemalloc

import pytest

from handoffs.domain.triggers.features import PAIRED, SILENT
from handoffs.domain.triggers.linear import LinearModel
from handoffs.domain.triggers.models import FOLDER, blanked_words, load_model

NAMES = ("explicit", "frustration")
CARD = (FOLDER / "CARD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_card_is_about_this_very_file(name):
    written = (FOLDER / f"{name}.json").read_bytes()
    assert f"| {name}.json | {len(written)} | {hashlib.sha256(written).hexdigest()} |" in CARD


@pytest.mark.parametrize("name", NAMES)
def test_the_card_states_the_thresholds_the_model_has(name):
    stated = re.findall(rf"^\| {name} \| (\w+) \| ([\d.]+) \|", CARD, re.MULTILINE)
    assert {sensitivity: float(threshold) for sensitivity, threshold in stated} == load_model(name).thresholds


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_small(name):
    assert (FOLDER / f"{name}.json").stat().st_size < 300_000
    assert all(-127 <= weight <= 127 for weight in load_model(name).weights.values())


def test_both_models_together_take_less_than_ten_megabytes():
    blanked_words()
    tracemalloc.start()
    for name in NAMES:
        stored = json.loads((FOLDER / f"{name}.json").read_bytes())
        assert LinearModel(stored["bias"], stored["scale"], stored["weights"]).weights
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize("name", NAMES)
def test_no_word_that_says_who_somebody_is_has_a_weight(name):
    words = {part for feature in load_model(name).weights if feature[1] == ":" for part in feature[2:].split()}
    assert words & blanked_words().keys() == set()
    assert {SILENT, PAIRED} == set(blanked_words().values())


def test_what_somebody_is_changes_nothing():
    model = load_model("frustration")
    scores = {
        model.weigh(f"I am {one} and my order is late").probability for one in ("gay", "black", "muslim", "blind")
    }
    assert len(scores) == 1


def test_frustration_fires_more_readily_the_higher_the_sensitivity():
    thresholds = load_model("frustration").thresholds
    assert thresholds["high"] < thresholds["normal"] < thresholds["low"]
