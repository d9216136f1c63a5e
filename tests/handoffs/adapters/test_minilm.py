"""The forward pass of the sentence model, on small random weights against the same arithmetic in plain loops."""

from math import erf, exp, sqrt

import numpy as np
import pytest

from handoffs.adapters.embeddings import has_embeddings, load_embed
from handoffs.adapters.minilm import HEAD_SIZE, Encoder
from handoffs.adapters.minilm import erf as erf_of_arrays

SIZE, INNER, LAYERS, PIECES = 2 * HEAD_SIZE, 80, 2, 12
DENSE = {
    "attention.self.query": (SIZE, SIZE),
    "attention.self.key": (SIZE, SIZE),
    "attention.self.value": (SIZE, SIZE),
    "attention.output.dense": (SIZE, SIZE),
    "intermediate.dense": (INNER, SIZE),
    "output.dense": (SIZE, INNER),
}
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


@pytest.fixture(scope="module")
def weights():
    chance = np.random.default_rng(7)
    made = {
        f"embeddings.{name}_embeddings.weight": chance.normal(size=(rows, SIZE))
        for name, rows in (("word", PIECES), ("position", 16), ("token_type", 2))
    }
    norms = ["embeddings.LayerNorm", *(f"encoder.layer.{n}.{name}" for n in range(LAYERS) for name in NORMS)]
    made |= {f"{name}.{part}": chance.normal(size=SIZE) for name in norms for part in ("weight", "bias")}
    for layer in range(LAYERS):
        for name, shape in DENSE.items():
            made[f"encoder.layer.{layer}.{name}.weight"] = chance.normal(size=shape) / 8
            made[f"encoder.layer.{layer}.{name}.bias"] = chance.normal(size=shape[0])
    return {name: value.astype(np.float32) for name, value in made.items()}


def dense(row, weights, name):
    return [
        sum(float(w) * x for w, x in zip(line, row, strict=True)) + float(bias)
        for line, bias in zip(weights[f"{name}.weight"], weights[f"{name}.bias"], strict=True)
    ]


def norm(row, weights, name):
    mean = sum(row) / len(row)
    spread = sqrt(sum((x - mean) ** 2 for x in row) / len(row) + 1e-12)
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return [(x - mean) / spread * float(a) + float(b) for x, a, b in zip(row, scale, shift, strict=True)]


def attend(rows, weights, name):
    query, key, value = ([dense(row, weights, f"{name}.{part}") for row in rows] for part in ("query", "key", "value"))
    mixed = [[] for _ in rows]
    for head in range(0, SIZE, HEAD_SIZE):
        part = slice(head, head + HEAD_SIZE)
        for place, asked in enumerate(query):
            near = [exp(sum(map(float.__mul__, asked[part], k[part])) / sqrt(HEAD_SIZE)) for k in key]
            mixed[place] += [
                sum(share * v[column] for share, v in zip(near, value, strict=True)) / sum(near)
                for column in range(head, head + HEAD_SIZE)
            ]
    return mixed


def add(one, other):
    return [a + b for a, b in zip(one, other, strict=True)]


def encode_slowly(pieces, weights):
    words, positions, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"].tolist() for name in ("word", "position", "token_type")
    )
    rows = [
        norm(add(add(words[piece], positions[place]), kinds[0]), weights, "embeddings.LayerNorm")
        for place, piece in enumerate(pieces)
    ]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        heard = [dense(row, weights, f"{layer}.attention.output.dense") for row in attend(
            rows, weights, f"{layer}.attention.self")]  # fmt: skip
        rows = [norm(add(a, b), weights, f"{layer}.{NORMS[0]}") for a, b in zip(rows, heard, strict=True)]
        inner = [[x * (1 + erf(x / sqrt(2))) / 2 for x in dense(row, weights, f"{layer}.intermediate.dense")]
                 for row in rows]  # fmt: skip
        made = [dense(row, weights, f"{layer}.output.dense") for row in inner]
        rows = [norm(add(a, b), weights, f"{layer}.{NORMS[1]}") for a, b in zip(rows, made, strict=True)]
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    length = sqrt(sum(x * x for x in mean))
    return [x / length for x in mean]


@pytest.mark.parametrize("pieces", [[1], [3, 1, 4, 1, 5], [11, 10, 9, 8, 7, 6, 5, 4]])
def test_the_forward_pass_is_that_of_the_paper(weights, pieces):
    encoder = Encoder(weights, lambda text: [int(piece) for piece in text.split()])
    vector = encoder.encode(" ".join(map(str, pieces)))
    assert vector == pytest.approx(encode_slowly(pieces, weights), abs=3e-6)
    assert sum(x * x for x in vector) == pytest.approx(1)


def test_texts_of_one_length_are_read_together_and_come_out_alike(weights):
    encoder = Encoder(weights, lambda text: [])
    together = encoder.mean([[1, 2, 3], [4, 5, 6]])
    assert together[1] == pytest.approx(encoder.mean([[4, 5, 6]])[0], abs=1e-5)


def test_the_error_function_is_the_one_of_the_standard_library():
    values = np.linspace(-6, 6, 2_001, dtype=np.float32)
    assert erf_of_arrays(values) == pytest.approx([erf(value) for value in values.tolist()], abs=3e-7)


def test_without_its_packages_there_is_no_sentence_model(monkeypatch):
    monkeypatch.setattr("handoffs.adapters.embeddings.PACKAGES", ("numpy", "no_such_package_at_all"))
    load_embed.cache_clear()
    assert not has_embeddings()
    assert load_embed() is None
    load_embed.cache_clear()
