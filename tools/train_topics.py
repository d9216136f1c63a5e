"""Makes the vectors forbidden topics are compared with: `python -m tools.train_topics --data DIR`.

DIR holds explicit.jsonl and topics.jsonl, whose sources the card names. Each word of the vocabulary of a sentence model
(all-MiniLM-L6-v2, Apache-2.0) begins with that model's vector of the word alone; then the vectors are moved so that
their sums point where the model points for whole messages, made shorter, and rounded. `--check` compares the outcome
with what ships and writes nothing. Needs requirements-dev.txt and requirements-embeddings.txt; nothing of it is needed
to run the studio.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the same sums in the same order

import numpy as np
import orjson
import scipy.linalg
from safetensors.numpy import load_file
from scipy.sparse import csr_matrix, diags

from handoffs.adapters.embeddings import folder, read_tokenizer
from handoffs.adapters.minilm import Encoder
from handoffs.domain.triggers.keywords import read_words
from handoffs.domain.triggers.meaning import LONGEST_WORD, RAREST, Vocabulary
from handoffs.domain.triggers.models import FOLDER
from tools.ordinary_messages import LANGUAGES

SIZE = 96
KEPT_BACKGROUND = 2_000
COMMON = 1e-3  # the share of all words at which a word's weight is a half
STIFFNESS = 1.0  # how hard the vectors cling to where they began
EVENNESS = 3.0  # how little the directions most messages share are played down
BATCH = 128
PIECE = re.compile(r"(##)?[a-z0-9]+")
FOREIGN = [line for lines in LANGUAGES for line in lines]


@dataclass(frozen=True)
class Message:
    text: str
    label: str
    source: str


def read_messages(data: Path) -> tuple[list[Message], list[Message]]:
    """Messages of no topic, and messages by topic. Rows of the sets the topics come from are left out of the first."""
    topics = [message(row) for row in read_rows(data / "topics.jsonl")]
    sources = {one.source for one in topics}
    return [one for one in map(message, read_rows(data / "explicit.jsonl")) if one.source not in sources], topics


def read_rows(path: Path) -> Iterable[dict[str, object]]:
    return (orjson.loads(line) for line in path.read_bytes().splitlines())


def message(row: dict[str, object]) -> Message:
    return Message(str(row["text"]), str(row["label"]), str(row["source"]))


def encode(encoder: Encoder, rows: Sequence[Sequence[int]]) -> np.ndarray:
    """The mean of each row of piece numbers, rows of one length together."""
    means = np.zeros((len(rows), 384), np.float32)
    lengths = np.array([len(row) for row in rows])
    for length in sorted(set(lengths.tolist())):
        places = np.flatnonzero(lengths == length)
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            means[some] = encoder.mean([rows[place] for place in some])
    return means


def encode_texts(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """The unit vector of each text."""
    return unit_rows(encode(encoder, [one.ids for one in read_tokenizer().encode_batch(list(texts))]))


def unit_rows(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def choose_words(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The Latin pieces of the tokenizer, common ones first, and the words of the texts it does not know."""
    known = read_tokenizer().get_vocab()
    pieces = [piece for piece in sorted(known, key=known.__getitem__) if PIECE.fullmatch(piece)]
    counts = Counter(word for text in texts for word in set(words_of(text)))
    return pieces, sorted(word for word, count in counts.items() if count > 1 and word not in known and word.isascii())


def words_of(text: str) -> list[str]:
    return [word.text[:LONGEST_WORD] for word in read_words(text)]


def encode_words(encoder: Encoder, pieces: Sequence[str], added: Sequence[str]) -> np.ndarray:
    """The model's vector of each word said alone."""
    known = read_tokenizer().get_vocab()
    rows = [[known["[CLS]"], known[piece], known["[SEP]"]] for piece in pieces]
    rows += [one.ids for one in read_tokenizer().encode_batch(list(added))]
    means = encode(encoder, rows)
    return means - means.mean(axis=0)


@dataclass(frozen=True)
class Lexicon:
    """The words, in order, with their weights in a sum; `empty` reads pieces out of them."""

    words: list[str]
    weights: np.ndarray
    empty: Vocabulary

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Text by word: how much of each word is in each text."""
        places = [[place for word in words_of(text) for place in self.empty.pieces(word)] for text in texts]
        flat = np.array([place for row in places for place in row], dtype=np.int64)
        starts = np.cumsum([0, *map(len, places)])
        return csr_matrix((self.weights[flat], flat, starts), shape=(len(texts), len(self.words)))

    def count(self, texts: Sequence[str]) -> csr_matrix:
        """Text by word: how often each word is in each text."""
        counts = self.matrix(texts)
        counts.data = np.round(counts.data / self.weights[counts.indices])
        return counts


def build_lexicon(words: list[str]) -> Lexicon:
    """Weights by rank: the tokenizer's list begins with the commonest pieces (Zipf's law)."""
    shares = 1 / (np.arange(len(words)) + 2.0) / log(len(words))
    places = {word: place for place, word in enumerate(words)}
    return Lexicon(words, COMMON / (COMMON + shares), Vocabulary(places, 1, memoryview(b""), b"", (), memoryview(b"")))


def move_vectors(vectors: np.ndarray, counts: csr_matrix, wanted: np.ndarray) -> np.ndarray:
    """The vectors nearest to these whose sums point where they should: ridge regression of what is missing."""
    lengths = np.linalg.norm(counts @ vectors, axis=1)
    there = lengths > 0
    shares = diags(1 / lengths[there]) @ counts[there]
    missing = wanted[there] - shares @ vectors
    likeness = (shares @ shares.T).toarray()
    likeness[np.diag_indices_from(likeness)] += STIFFNESS * likeness.diagonal().mean()
    solved = scipy.linalg.solve(likeness, missing, assume_a="pos", overwrite_a=True)
    return vectors + shares.T @ solved


def shorten(vectors: np.ndarray, wanted: np.ndarray, size: int) -> np.ndarray:
    """The vectors along the directions in which messages differ most."""
    _, directions = np.linalg.eigh(np.cov(wanted.T.astype(np.float64)))
    return vectors @ directions[:, ::-1][:, :size]


def forget_languages(vectors: np.ndarray, lexicon: Lexicon, usual: np.ndarray) -> np.ndarray:
    """The vectors without the directions from the usual message to the mean of each other language."""
    means = [unit_rows(lexicon.matrix(lines) @ vectors).mean(axis=0) - usual for lines in LANGUAGES]
    directions, _ = np.linalg.qr(np.array(means).T)
    return vectors - vectors @ directions @ directions.T


def even_out(vectors: np.ndarray, counts: csr_matrix) -> np.ndarray:
    """The vectors with the directions that many messages share played down, as linear discriminants do."""
    spread = np.cov(unit_rows(counts @ vectors).T)
    values, directions = np.linalg.eigh(spread)
    return vectors @ (directions / np.sqrt(values + EVENNESS * values.mean())) @ directions.T


def round_to_bytes(values: np.ndarray, most: float) -> np.ndarray:
    return np.clip(np.round(values / most * 127), -127, 127).astype(np.int8)


def rarities(counts: csr_matrix, foreign: csr_matrix) -> bytes:
    """How rare each word is among the messages, from 0 to 255; a language counts as much as all English messages."""
    messages = counts.shape[0]
    share = messages / (foreign.shape[0] / len(LANGUAGES))
    holders = np.asarray((counts > 0).sum(axis=0) + share * (foreign > 0).sum(axis=0)).ravel()
    return (
        np.round(RAREST * np.log(messages / (1 + holders)) / log(messages)).clip(0, RAREST).astype(np.uint8).tobytes()
    )


def pick_background(plain: int, about: int) -> list[int]:
    """The places of messages to keep, half of them out of the topics, which stand last; the order by a fixed seed."""
    order = np.random.default_rng(20).permutation(plain + about).tolist()
    half = KEPT_BACKGROUND // 2
    return [place for place in order if place < plain][:half] + [place for place in order if place >= plain][:half]


@dataclass(frozen=True)
class Source:
    """Everything the sentence model has to say, asked once."""

    texts: list[str]
    wanted: np.ndarray
    lexicon: Lexicon
    vectors: np.ndarray
    foreign: np.ndarray


def ask_model(messages: Sequence[Message], topics: Sequence[Message]) -> Source:
    encoder = Encoder(load_file(str(folder() / "model.safetensors")), lambda text: read_tokenizer().encode(text).ids)
    texts = [one.text for one in (*messages, *topics)]
    pieces, added = choose_words([*texts, *FOREIGN])
    lexicon = build_lexicon(pieces + added)
    return Source(
        texts,
        encode_texts(encoder, texts),
        lexicon,
        encode_words(encoder, pieces, added),
        encode_texts(encoder, FOREIGN),
    )


def build_files(source: Source, used: Sequence[int], background: Sequence[int], size: int = SIZE) -> dict[str, bytes]:
    """The shipped files out of the messages at the places `used`; the background is among them."""
    wanted, counts = source.wanted[used], source.lexicon.matrix([source.texts[place] for place in used])
    vectors = shorten(move_vectors(source.vectors, counts, wanted), wanted, size)
    vectors = forget_languages(vectors, source.lexicon, unit_rows(counts @ vectors).mean(axis=0))
    vectors = even_out(vectors, counts) * source.lexicon.weights[:, None]
    rounded = round_to_bytes(vectors, np.quantile(np.abs(vectors), 0.9995))
    places = [*background, *range(len(source.texts), len(source.texts) + len(FOREIGN))]
    plain = source.lexicon.count([*source.texts, *FOREIGN])
    directions = unit_rows(plain @ rounded.astype(np.float64))
    centre = directions[used].mean(axis=0)
    kept = round_to_bytes(unit_rows(directions[places] - centre), 1.0)
    sentences = unit_rows(np.concatenate([source.wanted, source.foreign])[places] - source.wanted[used].mean(axis=0))
    described = {
        "version": 1,
        "size": size,
        "foreign": len(FOREIGN),
        "centre": [round(float(value), 5) for value in centre],
        "sentence_centre": [round(float(value), 5) for value in source.wanted[used].mean(axis=0)],
        "words": " ".join(source.lexicon.words),
    }
    return {
        "topics.json": orjson.dumps(described) + b"\n",
        "topics.bin": rounded.tobytes() + rarities(plain[used], plain[len(source.texts) :]) + kept.tobytes(),
        "sentences.bin": round_to_bytes(sentences, 1.0).tobytes(),
    }


def train(data: Path) -> dict[str, bytes]:
    """The shipped files by name."""
    messages, topics = read_messages(data)
    source = ask_model(messages, topics)
    return build_files(source, range(len(source.texts)), pick_background(len(messages), len(topics)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.train_topics", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the messages")
    parser.add_argument("--check", action="store_true", help="compare with what ships; exit 1 where it differs")
    given = parser.parse_args()
    made = train(given.data)
    if not given.check:
        for name, content in made.items():
            (FOLDER / name).write_bytes(content)
        return 0
    differing = [name for name, content in made.items() if (FOLDER / name).read_bytes() != content]
    print("differing: " + ", ".join(differing) if differing else "the same bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
