"""Starts programs from a process that has loaded Pulumi's SDK, which else takes each of them two seconds.

Runs by itself. A line of JSON on standard input asks for a program and is answered by a line with what became
of it. When the input closes, the launcher ends.

    {"folder": …, "main": …, "environment": {…}, "settings": {…}, "output": …, "seconds": …} → {"status": 0}

Each program has a process of its own, forked from this one: its environment is what was asked for and nothing
else, and it is killed when its time is over.
"""

import asyncio
import importlib
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi.runtime

_REGISTRATIONS = 64  # at a time
_LOADED = "cloudwatch iam kms lambda_ s3 sns sqs"


def main() -> None:
    for service in _LOADED.split():
        # The provider's modules load themselves when something in them is looked at.
        getattr(importlib.import_module(f"pulumi_aws.{service}"), "__all__", None)
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - this is the answer
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if not process:
            _become(asked)
        _, status = os.waitpid(process, 0)
        answer = {"status": os.waitstatus_to_exitcode(status)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is the answer


def _become(asked: dict[str, Any]) -> None:
    """Run the program in this process, and end it."""
    status = 1
    try:
        signal.alarm(asked["seconds"])
        output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for new, old in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(new, old)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        _run(asked)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever a program raises is told, as Python does
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Threads of gRPC may still wait for something, and nobody waits for them.
        os._exit(status)


def _run(asked: dict[str, Any]) -> None:
    main = Path(asked["main"])
    if main.is_dir():
        main /= "__main__.py"
    sys.path[0] = str(main.parent)
    sys.argv = [str(main)]
    # What a failed registration leaves behind in other tasks would be told a second time.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    pulumi.runtime.set_all_config(
        pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
    )
    pulumi.runtime.configure(pulumi.runtime.Settings(**asked["settings"]))

    def program() -> None:
        # Each registration holds a thread until it is answered, which must hold up no other.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_REGISTRATIONS))
        runpy.run_path(str(main), run_name="__main__")

    asyncio.run(pulumi.runtime.run_in_stack(program))


if __name__ == "__main__":
    main()
