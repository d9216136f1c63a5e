"""The model card that ships beside the models: what they are made from, how good they are, what they do not know."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.trigger_training.detectors import (
    EXPLICIT_THRESHOLD,
    LEVELS,
    score_explicit,
    score_frustration,
)
from tools.trigger_training.figures import (
    CUSTOMERS,
    IS_IT_A_BOT,
    TALK_WORDS,
    Quality,
    alarms_among,
    best_threshold,
    by_source,
    calm_alarms,
    quality_at,
)
from tools.trigger_training.rows import Row, Split

SOURCES = (
    ("nlupp", "PolyAI NLU++ (Casanueva et al. 2022), folds 0 to 6", "CC BY 4.0"),
    ("banking77", "PolyAI Banking77 (Casanueva et al. 2020), training part", "CC BY 4.0"),
    ("bitext", "Bitext customer support intents (Bitext Innovations)", "CDLA-Sharing 1.0"),
    ("clinc150", "CLINC150 (Larson et al. 2019), training part", "CC BY 3.0"),
    ("rasa_helpdesk", "RasaHQ helpdesk-assistant", "Apache-2.0"),
    ("rasa_financial", "RasaHQ financial-demo", "Apache-2.0"),
    ("rasa_carbon", "RasaHQ carbon-bot", "Apache-2.0"),
    ("roboai_en", "robo-ai roboai-demo-faq-chatbot, English", "MIT"),
    ("multidogo", "MultiDoGO (Peskov et al. 2019), training part; numbers, addresses replaced", "CDLA-Permissive 1.0"),
    ("convabuse", "ConvAbuse (Cercas Curry et al. 2021), training and validation part", "CC BY 4.0"),
    ("goemotions", "GoEmotions (Demszky et al. 2020), training part", "Apache-2.0"),
)
LICENCES = (
    "https://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org/licenses/by/3.0/",
    "https://cdla.dev/sharing-1-0/",
    "https://cdla.dev/permissive-1-0/",
    "https://www.apache.org/licenses/LICENSE-2.0",
    "https://opensource.org/license/mit",
)
HEAD = """# Model card: explicit request and frustration

Written by `python -m tools.train_triggers --data DIR`; the same data give the same bytes. The data are not part of this
repository and cannot be read back from the weights; the credits below go with every copy of the models.

## What they are

Linear models over words, pairs of words and runs of three to five letters inside words; whole-number weights, read by
`handoffs/domain/triggers/linear.py` without any library. They are one part of two detectors: rules and vetoes come
before the model of explicit requests; phrases in seven languages and the course of the conversation are added to the
model of frustration.

Meant for: telling when a customer who writes to an AI agent wants a person, or has had enough. Not meant for: judging
people, moderating what they say, or any text that is not a customer's message.
"""
GAPS = """## What they do not know

- The models know English. Other languages are heard by rules and phrases alone; the model adds noise there.
- No training row refuses a person ("I do not want to talk to a human"): the model would take it for a request, and a
  veto of the rules decides instead.
- The frustration rows are insults of bots, angry comments on Reddit and calm requests. None is a shop's customer who
  has waited for a week. Treat the score as a hint: to offer a person is right where to transfer would be wrong.
- Rows were split by their words and their conversation, but many rows of a source come from one hand: figures on other
  data will be lower, above all for explicit requests, of which Bitext and Rasa write many alike.
- Words that say who somebody is are not read at all, and words about the body only beside others
  (`identity_words.txt`, `body_words.txt`). Abuse that consists of such a word alone is missed.
- Thresholds come from rows of which a third are frustrated. A shop's customers are not: calibrate on your own reviews.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A model as it was written: its file's bytes, the rows, and the cross-validation's quality by sensitivity."""

    name: str
    written: bytes
    split: Split
    thresholds: Mapping[str, float]
    validated: Mapping[str, Quality]


def write_card(models: Sequence[Made]) -> str:
    """The whole page."""
    explicit, frustration = models
    lines = [HEAD, *data_lines(models), *threshold_lines(models), *explicit_lines(explicit.split.development)]
    return "\n".join([*lines, *frustration_lines(frustration), GAPS, *file_lines(models)]) + "\n"


def data_lines(models: Sequence[Made]) -> Iterator[str]:
    yield from ("## Data and credits", "")
    yield "Labels are those of the sources. One group of rows in five (same words, or turns of one conversation) was"
    yield "kept as a development split that no model and no threshold saw."
    yield from ("", "| source | licence | rows: explicit | rows: frustration |", "| --- | --- | --- | --- |")
    for source, title, licence in SOURCES:
        counts = [count(one.split.training + one.split.development, source) for one in models]
        yield f"| {title} | {licence} | {' | '.join(counts)} |"
    yield from (
        "",
        "In brackets: rows with the trigger.",
        "",
        "Licences:",
        *(f"- <{address}>" for address in LICENCES),
        "",
    )
    yield from ("The weights are results in the sense of CDLA-Sharing 1.0.", "")


def count(rows: Sequence[Row], source: str) -> str:
    of_source = [row for row in rows if row.source == source]
    return f"{len(of_source)} ({sum(row.label for row in of_source)})" if of_source else "—"


def threshold_lines(models: Sequence[Made]) -> Iterator[str]:
    yield from (
        "## Thresholds of the models",
        "",
        "From five-fold cross-validation on the training rows, groups kept together, two repetitions.",
        "",
    )
    yield from ("| model | sensitivity | threshold | P | R | F1 | AUC |", "| --- | --- | --- | --- | --- | --- | --- |")
    for model in models:
        for sensitivity, threshold in model.thresholds.items():
            yield f"| {model.name} | {sensitivity} | {threshold:.2f} | {cells(model.validated[sensitivity])} |"
    yield ""


def explicit_lines(rows: Sequence[Row]) -> Iterator[str]:
    scores = [score_explicit(row) for row in rows]
    quality = quality_at(EXPLICIT_THRESHOLD, [row.label for row in rows], scores)
    yield from (f"## Explicit request on the development split: {len(rows)} messages, {asks(rows)} with it", "")
    yield from ("Rules, vetoes and model together, at the threshold of every level.", "")
    yield from (
        "| P | R | F1 | AUC | is it a bot? | talk words | customers |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    )
    alarms = [str(alarms_among(rows, scores, EXPLICIT_THRESHOLD, one)) for one in (IS_IT_A_BOT, TALK_WORDS, CUSTOMERS)]
    yield f"| {cells(quality)} | {' | '.join(alarms)} |"
    yield ""


def frustration_lines(model: Made) -> Iterator[str]:
    rows = model.split.development
    scores = [score_frustration(row) for row in rows]
    labels = [row.label for row in rows]
    yield from (f"## Frustration on the development split: {len(rows)} messages, {asks(rows)} with it", "")
    yield from ("Model, phrases and course together.", "")
    yield from ("| | P | R | F1 | AUC | calm customers |", "| --- | --- | --- | --- | --- | --- |")
    for level, sensitivity in LEVELS.items():
        yield frustration_row(f"level {level} ({sensitivity})", rows, scores, model.thresholds[sensitivity])
    yield frustration_row("best single threshold", rows, scores, best_threshold(labels, scores))
    for source, quality in by_source(rows, scores).items():
        yield f"| {source} alone, its best threshold | {cells(quality)} | |"
    yield ""


def frustration_row(name: str, rows: Sequence[Row], scores: Sequence[float], threshold: float) -> str:
    quality = quality_at(threshold, [row.label for row in rows], scores)
    return f"| {name} | {cells(quality)} | {calm_alarms(rows, scores, threshold)} |"


def file_lines(models: Sequence[Made]) -> Iterator[str]:
    yield from ("## Files", "", "| file | bytes | SHA-256 |", "| --- | --- | --- |")
    for model in models:
        yield f"| {model.name}.json | {len(model.written)} | {hashlib.sha256(model.written).hexdigest()} |"


def asks(rows: Sequence[Row]) -> int:
    return sum(row.label for row in rows)


def cells(quality: Quality) -> str:
    return " | ".join(shown(one) for one in (quality.precision, quality.recall, quality.f1, quality.auc))


def shown(figure: float) -> str:
    """Three digits after the point, as people write probabilities."""
    return f"{figure:.3f}".removeprefix("0")
