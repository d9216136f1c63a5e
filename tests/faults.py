"""Runs a module as `python -m` does, with fuses at named points: `python -m tests.faults uvicorn …`.

When a process reaches a point whose file exists below $FAULTS, it removes the file and kills itself with
SIGKILL: nothing is flushed, nothing is released. The product knows nothing of this.
"""

import importlib
import os
import runpy
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

# point -> the function it belongs to, and whether it dies before or after the call.
POINTS = {
    "after_append": ("conversations.append.news.tell", "before"),
    "after_claim": ("handoffs.api.inbox.claim_conversation", "after"),
    "push_sent_not_stored": ("integrations.services.deliveries.store_result", "before"),
    "mid_outbox": ("integrations.services.entries.finish", "before"),
    "mid_sweep": ("handoffs.services.follow_up.fill_ticket", "before"),
}


def die_once(point: str) -> None:
    try:
        (Path(os.environ["FAULTS"]) / point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def fused(function: Callable[..., Any], point: str, moment: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if moment == "before":
            die_once(point)
        result = function(*args, **kwargs)
        if moment == "after":
            die_once(point)
        return result

    return call


def lay_fuses() -> None:
    django.setup()
    for point, (path, moment) in POINTS.items():
        module_name, _, name = path.rpartition(".")
        module = importlib.import_module(module_name)
        setattr(module, name, fused(getattr(module, name), point, moment))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    lay_fuses()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
