"""Writes both pinned requirements files from their sources: `make lock`."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ("--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url", "--quiet")
RECORDED = ("--custom-compile-command", "make lock")


def main() -> None:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing although requirements-dev.txt names it: remove .venv and start again.")
    for name in ("requirements", "requirements-dev"):
        files = (f"{name}.in", *OPTIONS, "-o", f"{name}.txt", *RECORDED)
        subprocess.run([uv, "pip", "compile", *files], cwd=ROOT, check=True)
        print(f"{name}.txt is up to date")


if __name__ == "__main__":
    main()
