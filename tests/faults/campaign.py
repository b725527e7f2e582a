"""A campaign: a source changes, everything goes wrong for a while, and in the end all must be as it should.

The seed decides on the changes, on what goes wrong with requests and messages, and on when workers die. When
enough requests have gone wrong, nothing does any more: the queue drains, dead messages are moved back as an
operator would, and the destination is compared with f(source, recipe).
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from tests.faults.line import Line
from tests.faults.originals import Change, changes
from tests.faults.plan import Kind
from tests.faults.post import Post, aged
from tests.faults.wanted import Verdict, compare, etag

RATES: dict[Kind, float] = {
    "throttled": 0.06,
    "error": 0.04,
    "misreported": 0.03,
    "busy": 0.03,
    "late": 0.03,
    "reset": 0.015,
    "lost": 0.015,
    "stalled": 0.005,
    "expired": 0.004,
    "denied": 0.004,
    "truncated": 0.04,
    "slow": 0.03,
}
"""A third of what is read and a quarter of what is written: far more than S3 ever does.

Less of what a client does not try again by itself: a message that came before takes some thirty requests, and
needs all of them to go well.
"""

_CROWD = 5  # originals for each message that may wait in the queue; beyond that the source holds still
_LEAST = 40  # messages that may wait in any case
_TICK = 0.02  # seconds
_ROUNDS = 5  # of moving dead messages back
_DRAINED = 300  # seconds, at most, for a queue to drain when nothing goes wrong


class Stuck(Exception):  # noqa: N818 - what a campaign came to
    """The queue does not drain although nothing goes wrong any more."""


class Report(NamedTuple):
    """What a campaign came to.

    Attributes:
        seed: which it was.
        originals: how many different ones were uploaded.
        present: how many of them are there in the end.
        requests: how many the worker made.
        injected: how many of them went wrong, by kind and verb.
        messages: what was sent, and what went wrong on the way, by kind.
        killed: how many workers.
        told: what the pipeline counted by itself.
        redriven: how many dead messages were moved back.
        buried: how many are dead in the end.
        verdict: how the destination differs from what it should be.
        unsound: what else is not as it should be.
        faulty: seconds for which things went wrong.
        converged: seconds from the last fault until everything was dealt with.
    """

    seed: int
    originals: int
    present: int
    requests: int
    injected: Counter[tuple[Kind, str]]
    messages: Counter[str]
    killed: int
    told: dict[str, int]
    redriven: int
    buried: int
    verdict: Verdict
    unsound: list[str]
    faulty: float
    converged: float

    @property
    def clean(self) -> bool:
        return not (self.verdict.lost or self.verdict.wrong or self.unsound)


class Campaign:
    """One campaign on a pipeline.

    Args:
        line: the pipeline; its proxy has its plan.
        seed: decides everything.
        originals: how many to upload, at least.
        faults: how many requests are to go wrong, at least.
        lives: how many requests there are between two deaths of workers, on average.
    """

    def __init__(self, line: Line, *, seed: int, originals: int, faults: int, lives: int = 1000) -> None:
        self._line = line
        self._seed = seed
        self._wanted = originals, faults
        self._dice = random.Random(f"kills {seed}")  # noqa: S311 - a plan, no secret
        self._post = Post(seed, line.source, line.send)
        self._source: dict[str, bytes] = {}
        self._uploaded: set[str] = set()
        self._killed = 0
        self._lives = 1, 2 * lives
        self._next_kill = self._dice.randint(*self._lives)

    def run(self, say: Callable[[str], None]) -> Report:
        """Everything, from the first upload to the verdict.

        Raises:
            Stuck: the queue did not drain.
        """
        begun = time.monotonic()
        self._disturbed(say)
        self._line.proxy.plan = None
        self._post.trouble = False
        calm = time.monotonic()
        self._post.finish()
        redriven = self._drained(say)
        converged = time.monotonic() - calm
        say("comparing")
        dead = self._line.dead
        return Report(
            seed=self._seed,
            originals=len(self._uploaded),
            present=len(self._source),
            requests=self._line.proxy.requests.total(),
            injected=self._line.proxy.injected,
            messages=self._post.counts,
            killed=self._killed,
            told=dict(self._line.told()),
            redriven=redriven,
            buried=len(dead),
            verdict=compare(self._source, self._line.stored(), self._line.recipe),
            unsound=[*self._line.complaints(), *self._unsound(dead)],
            faulty=calm - begun,
            converged=converged,
        )

    def _unsound(self, dead: list[str]) -> list[str]:
        """What is wrong with the dead messages, and with the source."""
        nonsense = set(self._post.nonsense)
        found = [f"dead although it can be understood: {each}" for each in set(dead) - nonsense]
        found += [f"gone although nobody can understand it: {each}" for each in nonsense - set(dead)]
        if self._line.originals() != {key: etag(data) for key, data in self._source.items()}:
            found.append("the server has lost some of the source")
        return found

    def _disturbed(self, say: Callable[[str], None]) -> None:
        """Change the source until there were enough originals and enough faults."""
        originals, faults = self._wanted
        for number, change in enumerate(changes(self._seed, originals)):
            end = time.monotonic() + _DRAINED
            while self._line.waiting > max(originals // _CROWD, _LEAST):
                if time.monotonic() > end:
                    raise Stuck(f"no message was dealt with for {_DRAINED} s, seed {self._seed}")
                time.sleep(_TICK)
                self._maybe_kill()
            self._maybe_kill()
            injected = self._line.proxy.injected.total()
            if len(self._uploaded) >= originals and injected >= faults:
                return
            self._change(change)
            if number % 200 == 0:
                done = f"{len(self._uploaded):,} originals, {number:,} changes"
                say(f"{done}, {injected:,} faults, {self._killed} killed, {self._line.waiting} waiting")

    def _change(self, change: Change) -> None:
        if change.data is None:
            self._source.pop(change.key, None)
        else:
            self._source[change.key] = change.data
            self._uploaded.add(change.key)
        self._line.change(change)
        self._post.tell(change)

    def _maybe_kill(self) -> None:
        """A worker dies after so many requests, wherever it is by then."""
        requests = self._line.proxy.requests.total()
        if requests >= self._next_kill and self._line.kill(self._dice):
            self._killed += 1
            self._next_kill = requests + self._dice.randint(*self._lives)

    def _drained(self, say: Callable[[str], None]) -> int:
        """Wait for the queue to drain, move dead messages back, and so on; how many were moved."""
        moved = more = 0
        for _ in range(_ROUNDS):
            say(f"draining: {self._line.waiting} messages, {len(self._line.dead)} dead")
            end = time.monotonic() + _DRAINED
            while self._line.waiting:
                if time.monotonic() > end:
                    raise Stuck(f"{self._line.waiting} messages are left, seed {self._seed}")
                time.sleep(_TICK)
            more = self._line.redrive(aged)
            if not more:
                return moved
            moved += more
        raise Stuck(f"{more} messages still die after {_ROUNDS} times, seed {self._seed}")
