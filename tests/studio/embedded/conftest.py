"""Directories every account can reach: pytest's own temporary directories are closed to others."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.embedded import addresses
from studio.embedded.postgres import postgres_process


@contextmanager
def open_directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="studio-var-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty `var`."""
    with open_directory() as path:
        yield path


@pytest.fixture(scope="session")
def installed() -> Iterator[Path]:
    """A `var` with its servers' data, which the tests start and stop in turn: initdb is the slow part."""
    with open_directory() as path:
        addresses.assign_ports(path)
        postgres_process(path)
        yield path
