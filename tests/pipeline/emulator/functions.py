"""Functions as Lambda runs them: `python3.*` on AWS's runtime interface client, each in a clean environment.

Ministack speaks Lambda's Runtime API already, but to `provided` runtimes alone; Python it runs in its own
way, with its own environment and without logs. So a Python function is made a provided one: a `bootstrap`
beside its code starts the client. Its log ends as Lambda's do, with a REPORT of the time that it took, that
of its start, and its peak of memory.
"""

import os
import shlex
import threading
import time
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime  # pyright: ignore[reportMissingImports]
from ministack.services import lambda_svc  # pyright: ignore[reportMissingImports]

_Config = dict[str, Any]


def run_on_lambda_runtime(python: str, libraries: str) -> None:
    """Have ministack do so.

    Args:
        python: the interpreter for all functions.
        libraries: a search path to what Lambda's runtime brings along, `awslambdaric` above all.
    """
    class_for, run_otherwise = lambda_runtime._worker_class_for, lambda_svc._execute_function_warm
    folder_of, environment_of = lambda_svc._provided_runtime_code_dir, lambda_svc._provided_worker_env
    bootstrap = f'#!/bin/sh\nexec {shlex.quote(python)} -S -s -m awslambdaric "$_HANDLER"\n'
    writing = threading.Lock()

    def worker_class(config: _Config) -> type:
        return Worker if _is_python(config) else class_for(config)

    def folder(code: bytes) -> str:
        unpacked = folder_of(code)
        start = Path(unpacked, "bootstrap")
        # Ministack starts processes under its own lock: one that began now would keep the file busy.
        with writing, lambda_svc._provided_code_lock:
            if not start.exists():
                start.write_text(bootstrap, "utf-8")
                start.chmod(0o755)
        return unpacked

    def environment(config: _Config, unpacked: str, port: int) -> dict[str, str]:
        known = environment_of(config, unpacked, port)
        del known["AWS_DISABLE_HOST_PREFIX_INJECTION"]  # ministack's own
        return {
            **{name: value for name, value in known.items() if name not in os.environ},
            **_as_on_lambda(config),
            "PYTHONPATH": os.pathsep.join((unpacked, libraries)),
            **lambda_svc._runtime_env_vars(config),
        }

    def run(function: _Config, event: object, request: str) -> _Config:
        if not _is_python(function["config"]):
            return run_otherwise(function, event, request)
        answer = lambda_svc._execute_function_provided_warm(function, event, request)
        return {**answer, "log_source": "rie"}  # a log that has its END and its REPORT

    lambda_runtime._worker_class_for = worker_class
    lambda_svc._provided_runtime_code_dir = folder
    lambda_svc._provided_worker_env = environment
    lambda_svc._execute_function_warm = run


class Worker(lambda_runtime.ProvidedWorker):  # pyright: ignore[reportUntypedBaseClass]
    """One execution environment: a process that takes one invocation at a time."""

    _init_ms: float | None = None
    _answered: float | None = None
    _peak = 0

    def invoke(self, event: object, request_id: str, **about: object) -> _Config:
        self._init_ms = self._answered = None
        begun = time.monotonic()
        answer: _Config = super().invoke(event, request_id, **about)
        whole = ((self._answered or time.monotonic()) - begun) * 1000
        init = self._init_ms
        if self._proc is not None:
            self._peak = _peak_megabytes(self._proc.pid) or self._peak
        report = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {whole - (init or 0):.2f} ms",
            f"Billed Duration: {whole:.0f} ms",
            f"Memory Size: {self.config['MemorySize']} MB",
            f"Max Memory Used: {self._peak} MB",
            *([f"Init Duration: {init:.2f} ms"] if init else []),
        ]
        lines = [answer.get("log"), f"END RequestId: {request_id}", "\t".join(report)]
        return {**answer, "log": "\n".join(filter(None, lines))}

    def _spawn(self, init_timeout: float | None = None) -> None:
        begun = time.monotonic()
        super()._spawn(init_timeout)
        self._init_ms = (time.monotonic() - begun) * 1000

    def _drain_stderr_bounded(self, **waits: float) -> str:
        self._answered = time.monotonic()
        # The answer may overtake the last lines. On a busy machine ministack's own 5 ms are too few for them.
        return super()._drain_stderr_bounded(**{"idle_confirm": 0.02, "hard_cap": 1.0, **waits})


def _is_python(config: _Config) -> bool:
    return config["Runtime"].startswith("python")


def _as_on_lambda(config: _Config) -> dict[str, str]:
    logging = config.get("LoggingConfig") or {}
    return {
        # On Lambda the SDKs find AWS by themselves.
        "AWS_ENDPOINT_URL": f"http://{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
    }


def _peak_megabytes(process: int) -> int | None:
    """The most memory that a process has held; not `getrusage`, which counts what its parent held."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return None  # it has ended
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes[0]) // 1024 if kilobytes else None
