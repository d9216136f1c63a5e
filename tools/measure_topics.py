"""How well forbidden topics are told apart: `python -m tools.measure_topics --data DIR`.

The topics are halved; vectors and background are made from one half (and the messages of no topic), and every topic of
the other half is then given five of its phrases and meets all the other messages of that half. Twice, for either half,
and over again with other halves and other phrases.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from handoffs.adapters.embeddings import load_embed
from handoffs.domain.triggers.likeness import Reader, build_profile, read_meanings
from handoffs.domain.triggers.meaning import SentenceModel, Vector, parse_vocabulary, signed
from tools.train_topics import Message, Source, ask_model, build_files, pick_background, read_messages

EXAMPLES = 5
REPETITIONS = 2


@dataclass(frozen=True)
class Outcome:
    """One topic's: recall at 1 % false alarms, area under the curve, recall and false alarms at the fixed threshold,
    seconds a message."""

    recall: float
    area: float
    found: float
    alarms: float
    seconds: float


def halves(topics: Sequence[Message], seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """The places of the topics that are learnt from and of those that are not, both ways round."""
    labels = sorted({one.label for one in topics})
    order = np.random.default_rng(seed).permutation(len(labels)).tolist()
    known = {labels[place] for place in order[: len(labels) // 2]}
    first = [place for place, one in enumerate(topics) if one.label in known]
    second = [place for place, one in enumerate(topics) if one.label not in known]
    yield first, second
    yield second, first


def measure(reader: Reader, topics: Sequence[Message], seed: int) -> Iterator[Outcome]:
    """What every topic among these comes to, with phrases of its own."""
    started = time.perf_counter()
    meanings = [read_meanings(one.text, reader) for one in topics]
    seconds = (time.perf_counter() - started) / len(topics)
    chance = np.random.default_rng(seed + 100)
    for label in sorted({one.label for one in topics}):
        own = [place for place, one in enumerate(topics) if one.label == label]
        examples = set(chance.choice(own, EXAMPLES, replace=False).tolist())
        profile = build_profile(label.replace("_", " "), [topics[place].text for place in sorted(examples)], reader)
        started = time.perf_counter()
        scores = np.array([profile.compare(meaning).score for meaning in meanings])
        spent = seconds + (time.perf_counter() - started) / len(meanings)
        asked = np.array([place not in examples for place in range(len(topics))])
        about = np.array([one.label == label for one in topics])
        yield judge(scores[asked & about], scores[asked & ~about], spent)


def judge(about: np.ndarray, other: np.ndarray, seconds: float) -> Outcome:
    """The figures out of the scores of messages about a topic and of all others."""
    limit = np.sort(other)[::-1][int(0.01 * len(other))]
    above = (about[:, None] > other).mean() + (about[:, None] == other).mean() / 2
    return Outcome((about > limit).mean(), above, (about >= 0.5).mean(), (other >= 0.5).mean(), seconds)


def readers(source: Source, topics: Sequence[Message], known: Sequence[int]) -> dict[str, Callable[[], Reader]]:
    """The ways to read, made from the known topics alone."""
    plain = len(source.texts) - len(topics)
    used = [*range(plain), *(plain + place for place in known)]
    kept = [used[place] for place in pick_background(plain, len(known))]
    files = build_files(source, used, kept)
    described = orjson.loads(files["topics.json"])
    vocabulary = parse_vocabulary(described, files["topics.bin"])
    encode = load_embed()
    vectors: dict[str, Vector] = {}

    def embed(text: str) -> Vector:
        if text not in vectors:
            vectors[text] = encode(text)
        return vectors[text]

    sentences = SentenceModel(vocabulary, embed, tuple(described["sentence_centre"]), signed(files["sentences.bin"]))
    return {"plain": lambda: vocabulary, "embeddings": lambda: sentences}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.measure_topics", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the messages")
    parser.add_argument("--method", choices=["plain", "embeddings"], default="plain")
    given = parser.parse_args()
    messages, topics = read_messages(given.data)
    source = ask_model(messages, topics)
    outcomes = [
        outcome
        for seed in range(REPETITIONS)
        for known, unseen in halves(topics, seed)
        for outcome in measure(readers(source, topics, known)[given.method](), [topics[i] for i in unseen], seed)
    ]
    print(table_row(given.method, outcomes))
    return 0


def table_row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One line of the table of methods."""
    recalls = sorted(one.recall for one in outcomes)
    mean = {field: np.mean([getattr(one, field) for one in outcomes]) for field in Outcome.__annotations__}
    return (
        f"{name}: recall at 1 % false alarms {mean['recall']:.3f}, worst tenth of topics "
        f"{np.mean(recalls[: len(recalls) // 10]):.2f}, AUC {mean['area']:.4f}, at the fixed threshold recall "
        f"{mean['found']:.3f} and false alarms {100 * mean['alarms']:.2f} %, {1000 * mean['seconds']:.2f} ms a message"
    )


if __name__ == "__main__":
    sys.exit(main())
