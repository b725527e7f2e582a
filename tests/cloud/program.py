"""Programs: run as `pulumi` would run them, with a clean environment and a bound on their time."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, NamedTuple, Self

from .goals import Namespace
from .project import Project

ORGANIZATION = "organization"

_LAUNCHER = Path(__file__).with_name("launcher.py")
_START = 60  # seconds for the launcher to have loaded the SDK
_GRACE = 5  # seconds beyond a program's own


class Ended(NamedTuple):
    """How a program has ended.

    Attributes:
        status: its exit status; negative for the signal that killed it.
        printed: what it wrote to standard output and error.
    """

    status: int
    printed: str


class Launcher:
    """Starts programs, from `__enter__` to `__exit__`.

    Args:
        seconds: that a program may take.
        search: more folders that programs can import from.
    """

    def __init__(self, seconds: int = 60, search: tuple[Path, ...] = ()) -> None:
        self._seconds = seconds
        self._search = search

    def __enter__(self) -> Self:
        self._said = TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(_LAUNCHER)],
            env=self._environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,
        )
        self._answer(_START)
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()

    def run(  # noqa: PLR0913 - a run needs so much
        self,
        project: Project,
        namespace: Namespace,
        address: str,
        *,
        config: Mapping[str, str],
        dry_run: bool,
        environment: Mapping[str, str],
    ) -> Ended:
        """Run a project's program to its end.

        Args:
            project: the program.
            namespace: the project's name and the stack's.
            address: of the engine.
            config: all of the stack's, by full keys.
            dry_run: whether it is a preview.
            environment: more variables.
        """
        variables = {
            "PULUMI_CONFIG": json.dumps(config),
            "PULUMI_CONFIG_SECRET_KEYS": "[]",
            **environment,
        }
        settings = {
            "project": namespace.project,
            "stack": namespace.stack,
            "organization": ORGANIZATION,
            "monitor": address,
            "engine": address,
            "parallel": 16,
            "dry_run": dry_run,
            "root_directory": str(project.folder),
        }
        with NamedTemporaryFile() as output:
            asked = {
                "folder": str(project.folder),
                "main": str(project.main),
                "environment": self._environment(variables),
                "settings": settings,
                "output": output.name,
                "seconds": self._seconds,
            }
            assert self._process.stdin
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
            status = self._answer(self._seconds + _GRACE)["status"]
            return Ended(status, Path(output.name).read_text("utf-8", "replace"))

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(map(str, self._search)),
            **more,
        }

    def _answer(self, within: float) -> Any:  # noqa: ANN401 - as JSON has them
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace")
            raise RuntimeError(f"the launcher of programs did not answer within {within:g} s. {said}")
        return json.loads(line)
