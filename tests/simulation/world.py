"""The world of the simulation: two buckets, a queue, workers, and everything that may happen next.

A schedule is a sequence of steps. It decides everything:

    c    the next change of the source: an upload, an overwrite or a delete, and its event
    s2   a worker starts on the second message of the queue (counted from 0, each kind once)
    0    the next storage call of worker 0 takes effect and is answered (workers are numbered as they start);
         of calls that it made at once, 0a is the first one, 0b the second one
    r0   it takes effect, but its answer is lost and the client sends it again
    x0   worker 0 dies before its next call, which is after its last one took effect; its message comes back
    d1   a message is duplicated
    l1   a message is lost; that is noticed, and some time a sync looks after its key
    z0   worker 0 is too slow: its message comes back while it still works, and if it dies nobody is told

A message names a key and nothing else that would count, so choosing freely among messages explores
every order of them. A worker at its end acknowledges its message; one that gives up hands it back.
"""

import re
from string import ascii_lowercase
from typing import NamedTuple

from tests.simulation.bucket import Answer, Call, Contents, answer
from tests.simulation.worker import Node, Program, Task, Workshop, as_designed

_STEP = re.compile("([a-z]?)([0-9]*)([a-z]?)")


class Change(NamedTuple):
    """Something that happens to the source: an upload or an overwrite, or a delete if there are no bytes."""

    key: str
    data: bytes | None


class Trouble(NamedTuple):
    """How often each of these may still happen."""

    crashes: int = 0
    repeats: int = 0
    copies: int = 0
    losses: int = 0
    overlaps: int = 0


class Worker(NamedTuple):
    """A worker at work.

    Attributes:
        name: its number, in order of starting.
        task: what it is about.
        node: where it is in it.
        wrote: whether any of its writes took effect.
        owed: whether its message comes back if it dies.
    """

    name: int
    task: Task
    node: Node
    wrote: bool = False
    owed: bool = True


class State(NamedTuple):
    """The world at one moment."""

    source: Contents
    destination: Contents
    todo: tuple[Change, ...]
    queue: tuple[Task, ...]
    workers: tuple[Worker, ...]
    trouble: Trouble
    started: int = 0

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Equal for states from which the same can happen."""
        return (
            frozenset(self.source.items()),
            frozenset(self.destination.items()),
            len(self.todo),
            self.queue,
            tuple(sorted((each.node.number, each.wrote, each.owed) for each in self.workers)),
            self.trouble,
        )

    @property
    def finished(self) -> bool:
        """Whether everything has happened: no change to come, the queue drained, nobody at work."""
        return not (self.todo or self.queue or self.workers)


class Scenario(NamedTuple):
    """What a simulation starts from.

    Attributes:
        name: what it is called in a printed schedule.
        changes: what happens to the source, in this order, at any time.
        recipes: fingerprints: any worker may have any of them; the last one is to prevail.
        trouble: how often things go wrong.
        workers: how many are at work at once, at most.
        source: what is there at the beginning.
        destination: likewise.
        before: fingerprints of recipes that no worker has any more.
    """

    name: str
    changes: tuple[Change, ...]
    recipes: tuple[str, ...]
    trouble: Trouble = Trouble()
    workers: int = 2
    source: tuple[tuple[str, bytes], ...] = ()
    destination: tuple[tuple[str, bytes], ...] = ()
    before: tuple[str, ...] = ()

    def beginning(self) -> State:
        return State(dict(self.source), dict(self.destination), self.changes, (), (), self.trouble)


class World:
    """What may happen in a scenario, and what comes of it.

    Args:
        scenario: what it starts from.
        program: what its workers run.
        workshop: of that program, if worlds are to share what they have seen of it.
    """

    def __init__(
        self, scenario: Scenario, program: Program = as_designed, *, workshop: Workshop | None = None
    ) -> None:
        self.scenario = scenario
        self._workshop = workshop or Workshop(program, scenario.recipes + scenario.before)

    def steps(self, state: State) -> list[str]:
        """Everything that may happen next.

        Once the source has settled, a look at it can neither change anything nor be changed by anything, so
        whoever is about to look does so at once.
        """
        at_once = self._at_once(state)
        if at_once is not None:
            return [at_once]
        steps = ["c"] if state.todo else []
        kinds = _kinds(state.queue)
        if len(state.workers) < self.scenario.workers:
            steps += [f"s{number}" for number in range(len(kinds) * len(self.scenario.recipes))]
        if state.trouble.copies:
            steps += [f"d{number}" for number in range(len(kinds))]
        if state.trouble.losses:
            steps += [f"l{number}" for number, message in enumerate(kinds) if message.kind == "event"]
        for worker in state.workers:
            steps += _steps_of(worker, state.trouble)
        return steps

    def _at_once(self, state: State) -> str | None:
        if state.todo:
            return None
        for worker in state.workers:
            if not (state.trouble.crashes and worker.node.at_risk):
                for step, call in _calls(worker):
                    if call.bucket == "source":
                        return step
        return None

    def after(self, state: State, step: str) -> tuple[State, str]:
        """The world after a step, and the key that the step was about."""
        letter, number, which = parted(step)
        match letter:
            case "c":
                return _changed(state)
            case "s":
                return self._started(state, number)
            case "d" | "l":
                return self._mislaid(state, letter, number)
            case _:
                place = next(index for index, each in enumerate(state.workers) if each.name == number)
                worker = state.workers[place]
                others = state.workers[:place] + state.workers[place + 1 :]
                if letter in {"", "r"}:
                    calls = worker.node.calls
                    call = ascii_lowercase.index(which) if which else min(calls)
                    after = _worked if not letter else _repeated
                    return after(state, worker, others, call), worker.task.key
                after = {"x": _crashed, "z": _overtaken}[letter]
                return after(state, worker, others), worker.task.key

    def _started(self, state: State, number: int) -> tuple[State, str]:
        which, recipe = divmod(number, len(self.scenario.recipes))
        message = _kinds(state.queue)[which]
        task = message._replace(recipe=self.scenario.recipes[recipe])
        worker = Worker(state.started, task, self._workshop.begin(task))
        queue = _without(state.queue, message)
        workers = (*state.workers, worker)
        return state._replace(queue=queue, workers=workers, started=state.started + 1), task.key

    def _mislaid(self, state: State, letter: str, number: int) -> tuple[State, str]:
        message, left = _kinds(state.queue)[number], state.trouble
        if letter == "d":
            queue, left = _with(state.queue, message), left._replace(copies=left.copies - 1)
        else:
            queue = _with(_without(state.queue, message), message._replace(kind="sync"))
            left = left._replace(losses=left.losses - 1)
        return state._replace(queue=queue, trouble=left), message.key


def _calls(worker: Worker) -> list[tuple[str, Call]]:
    """What a worker waits for, each with its step. Where several calls wait at once, a letter says which."""
    calls = worker.node.calls
    if calls.keys() <= {0}:
        return [(str(worker.name), call) for call in calls.values()]
    return [(f"{worker.name}{ascii_lowercase[place]}", call) for place, call in calls.items()]


def parted(step: str) -> tuple[str, int, str]:
    """What happens, to which worker or message, and at which of a worker's calls."""
    match = _STEP.fullmatch(step)
    assert match, step
    return match[1], int(match[2] or 0), match[3]


def _steps_of(worker: Worker, trouble: Trouble) -> list[str]:
    calls = _calls(worker)
    steps = [step for step, _ in calls]
    if trouble.crashes and worker.node.at_risk:
        steps.append(f"x{worker.name}")
    if trouble.repeats:
        steps += [f"r{step}" for step, call in calls if call.writes]
    if trouble.overlaps and worker.owed:
        steps.append(f"z{worker.name}")
    return steps


def _changed(state: State) -> tuple[State, str]:
    change, *todo = state.todo
    source = {key: data for key, data in state.source.items() if key != change.key}
    if change.data is not None:
        source[change.key] = change.data
    queue = _with(state.queue, Task(change.key, "event", ""))
    return state._replace(source=source, todo=tuple(todo), queue=queue), change.key


def _worked(state: State, worker: Worker, others: tuple[Worker, ...], place: int) -> State:
    """One call is made and answered."""
    state, given, effective = _made(state, worker.node.calls[place])
    node = worker.node.answered(place, given)
    if node.calls:
        worker = worker._replace(node=node, wrote=worker.wrote or effective)
        return state._replace(workers=_sorted((*others, worker)))
    queue = _with(state.queue, _returned(worker.task)) if node.failed and worker.owed else state.queue
    return state._replace(workers=others, queue=queue)


def _repeated(state: State, worker: Worker, others: tuple[Worker, ...], place: int) -> State:
    """One call is made; its client does not hear of it and is about to make it again."""
    state, _, effective = _made(state, worker.node.calls[place])
    worker = worker._replace(wrote=worker.wrote or effective)
    left = state.trouble._replace(repeats=state.trouble.repeats - 1)
    return state._replace(workers=_sorted((*others, worker)), trouble=left)


def _crashed(state: State, worker: Worker, others: tuple[Worker, ...]) -> State:
    queue = _with(state.queue, _returned(worker.task)) if worker.owed else state.queue
    left = state.trouble._replace(crashes=state.trouble.crashes - 1)
    return state._replace(workers=others, queue=queue, trouble=left)


def _overtaken(state: State, worker: Worker, others: tuple[Worker, ...]) -> State:
    queue = _with(state.queue, _returned(worker.task))
    left = state.trouble._replace(overlaps=state.trouble.overlaps - 1)
    return state._replace(workers=_sorted((*others, worker._replace(owed=False))), queue=queue, trouble=left)


def _made(state: State, call: Call) -> tuple[State, Answer, bool]:
    if call.bucket == "source":
        assert not call.writes, "reconcile only reads the source"
        return state, answer(state.source, call)[1], False
    contents, given = answer(state.destination, call)
    effective = contents is not state.destination
    return (state._replace(destination=contents) if effective else state), given, effective


def _returned(task: Task) -> Task:
    """A message that comes back says so by its count of receives; a sync is simply run again."""
    return Task(task.key, "sync" if task.kind == "sync" else "again", "")


def _sorted(workers: tuple[Worker, ...]) -> tuple[Worker, ...]:
    return tuple(sorted(workers, key=lambda worker: worker.name))


def _kinds(queue: tuple[Task, ...]) -> list[Task]:
    return sorted(set(queue))


def _with(queue: tuple[Task, ...], message: Task) -> tuple[Task, ...]:
    return tuple(sorted((*queue, message)))


def _without(queue: tuple[Task, ...], message: Task) -> tuple[Task, ...]:
    place = queue.index(message)
    return queue[:place] + queue[place + 1 :]
