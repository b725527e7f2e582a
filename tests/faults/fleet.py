"""Workers in processes of their own, each fed from a queue as Lambda's event source mapping does it."""

import json
import os
import random
import select
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.faults.queues import Message, Queue

_ROOT = Path(__file__).parents[2]
_LAST_WORDS = 10  # seconds for a process to say what it ended of
_IDLE = 0.02  # seconds between looks at an empty queue
_START = 30  # seconds that a process may take to be ready


class Fleet:
    """The workers, running from `__enter__` to `__exit__`.

    Args:
        queue: where messages come from.
        environment: the function's variables.
        size: how many workers.
        batch: how many messages it takes at a time.
        timeout: of an invocation, in seconds; shorter than the queue's visibility timeout.
        log: where the workers' logs go.

    Attributes:
        counts: "invocations", and how they ended: "answered", "killed", "timed out", "ended by themselves".
    """

    def __init__(  # noqa: PLR0913 - what a mapping says
        self,
        queue: Queue,
        environment: Mapping[str, str],
        *,
        size: int,
        batch: int,
        timeout: float,
        log: Path,
    ) -> None:
        self._queue = queue
        self._environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT / "src"), **environment}
        self._batch = batch
        self._timeout = timeout
        self._log = log
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(size)]
        self._busy: dict[int, _Process] = {}
        self._held: list[tuple[list[str], list[_Process]]] = []
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def kill(self, dice: random.Random) -> bool:
        """Kill a worker that is at work; whether there was one."""
        with self._lock:
            if not self._busy:
                return False
            self._busy[dice.choice(sorted(self._busy))].kill()
            return True

    def _work(self, number: int) -> None:
        process = None
        with self._log.with_name(f"{self._log.name}-{number}").open("ab") as log:
            while not self._stopped.is_set():
                # Before a message is received: it is hidden for no longer than a worker may live.
                process = process or _Process(self._environment, log)
                batch = self._queue.receive(self._batch)
                if batch:
                    process = self._invoke(number, process, batch)
                else:
                    self._stopped.wait(_IDLE)
            if process is not None:
                process.end()

    def _invoke(self, number: int, process: "_Process", batch: list[Message]) -> "_Process | None":
        """Have a process work a batch off; the process, if it can be used further."""
        with self._lock:
            self._busy[number] = process
        answer = process.ask({"event": event(batch), "seconds": self._timeout}, self._timeout)
        with self._lock:
            del self._busy[number]
            self.counts["invocations"] += 1
            self.counts[process.fate] += 1
            others = [*self._busy.values()]
            self._release(process)
        if answer is None:
            process.end()
            return None
        again = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        self._queue.delete(each.id for each in batch if each.id not in again)
        if again:
            with self._lock:
                self._held.append((again, [each for each in others if each in self._busy.values()]))
                self._release(process)
        return process

    def _release(self, ended: "_Process") -> None:
        """Let messages come again whose visibility timeout might be over: nobody is at work who was then."""
        still = self._held
        self._held = []
        for again, awaited in still:
            left = [each for each in awaited if each is not ended]
            if left:
                self._held.append((again, left))
            else:
                self._queue.release(again)


class _Process:
    """One process that runs `tests.faults.function`.

    Attributes:
        fate: what became of its last invocation.
    """

    def __init__(self, environment: Mapping[str, str], log: IO[bytes]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.function"],
            cwd=_ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        self.fate = "answered"
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _START)
        if not ready:
            self._process.kill()
        self._process.stdout.readline()  # "ready", or nothing if it has ended: its first question will show

    def ask(self, what: object, patience: float) -> dict[str, Any] | None:
        """Its answer; None if it died over the question, or had to be killed."""
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        try:
            into.write(json.dumps(what).encode() + b"\n")
            into.flush()
            readable, _, _ = select.select([out], [], [], patience)
        except BrokenPipeError:
            readable = [out]  # It is dead, and will have said nothing.
        if not readable:
            self.fate = "timed out"
            self._process.kill()
            return None
        line = out.readline()
        if line.endswith(b"\n"):
            return json.loads(line)
        self._process.wait(_LAST_WORDS)
        if self.fate != "killed":
            self.fate = "ended by themselves"
        return None

    def kill(self) -> None:
        self.fate = "killed"
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def event(batch: list[Message]) -> dict[str, Any]:
    """What Lambda makes of messages; see "Using Lambda with Amazon SQS" in its Developer Guide."""
    return {
        "Records": [
            {
                "messageId": each.id,
                "receiptHandle": each.id,
                "body": each.body,
                "attributes": {"ApproximateReceiveCount": str(each.times)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:pixmill",
                "awsRegion": "us-east-1",
            }
            for each in batch
        ]
    }
