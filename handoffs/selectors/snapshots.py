"""Reads of frozen configurations."""

from functools import lru_cache

from handoffs.domain.config import ProjectConfig, config_from_json
from handoffs.models import Snapshot


def read_config(snapshot_hash: str) -> ProjectConfig:
    """Return a snapshot's configuration: what a handoff that names it was decided by."""
    return _config(snapshot_hash) if snapshot_hash else ProjectConfig()


@lru_cache(maxsize=64)
def _config(snapshot_hash: str) -> ProjectConfig:
    # Content-addressed and never changed: safe to keep for the life of the process.
    return config_from_json(Snapshot.objects.get(pk=snapshot_hash).content)
