"""A function that does as its event says and tells what it sees. It runs from the bundle alone."""

import os
import sys
import time
from importlib import import_module
from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    print("the probe was called with", sorted(event))  # noqa: T201 - it is the log
    if seconds := event.get("sleep"):
        time.sleep(seconds)
    if count := event.get("hold"):
        held = b"x" * count
        del held
    if problem := event.get("raise"):
        raise RuntimeError(problem)
    return {
        "process": os.getpid(),
        "version": sys.version.split()[0],
        "memory": int(context.memory_limit_in_mb),
        "left": context.get_remaining_time_in_millis(),
        "environment": dict(os.environ),
        "rendered": _render(event["picture"]) if "picture" in event else None,
        "origin": {
            name: getattr(sys.modules[name], "__file__", None)
            for name in ("pyvips", "pixmill")
            if name in sys.modules
        },
    }


def _render(path: str) -> list[tuple[str, int, int]]:
    pixmill = import_module("pixmill")  # at the first call, so that the empty probe stays empty

    return [(each.rendition, each.width, each.height) for each in pixmill.render(path).outputs if each.data]
