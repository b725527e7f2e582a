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
    y0a  a look at a manifest finds it younger than it is, as clocks that differ may have it
    n0   somebody runs a sync of the first key, though nothing was lost
    z0   worker 0 is too slow: its message comes back while it still works, and if it dies nobody is told

A message names a key and nothing else that would count, so choosing freely among messages explores
every order of them. A worker at its end acknowledges its message, or hands it back: if it gives up, or if it
asks for that. Whoever is at work when a message is handed back, or when its worker dies, or when it is lost,
has ended before it comes again: a visibility timeout is longer than a worker lives, and a loss takes longer
to be noticed. Only `z` does not keep to that, and programs that rely on nothing of the kind.

Of time nothing is known but its order: a manifest is old if nobody is at work any more who was when it was
written, and it was written before an event was sent or since.
"""

import re
from string import ascii_lowercase

from tests.simulation.bucket import Answer, Call, answer
from tests.simulation.dates import age, dated, finds_manifest, recorded, tells_age
from tests.simulation.state import Away, Scenario, State, Trouble, Worker
from tests.simulation.worker import NEWER, QUEUED, Program, Task, Workshop

from pixmill.keys import MANIFESTS

_STEP = re.compile("([a-z]?)([0-9]*)([a-z]?)")


class World:
    """What may happen in a scenario, and what comes of it.

    Args:
        scenario: what it starts from.
        program: what its workers run.
        workshop: of that program, if worlds are to share what they have seen of it.
    """

    def __init__(
        self, scenario: Scenario, program: Program = QUEUED, *, workshop: Workshop | None = None
    ) -> None:
        self.scenario = scenario
        self._workshop = workshop or Workshop(program, scenario.recipes + scenario.before)
        self._waits = self._workshop.program.waits

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
        if state.trouble.syncs:
            steps += [f"n{number}" for number in range(len(self.scenario.keys))]
        for worker in state.workers:
            steps += _steps_of(worker, state.trouble)
            if self._waits and state.trouble.clocks and age(state, worker) < NEWER:
                steps += [f"y{step}" for step, call in _calls(worker) if finds_manifest(state, worker, call)]
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
            case "n":
                left = state.trouble._replace(syncs=state.trouble.syncs - 1)
                key = self.scenario.keys[number]
                return state._replace(queue=_with(state.queue, Task(key, "sync", "")), trouble=left), key
            case "d" | "l":
                return self._mislaid(state, letter, number)
            case _:
                worker = _named(state, number)
                return self._gone_on(state, worker, letter, which), worker.task.key

    def _gone_on(self, state: State, worker: Worker, letter: str, which: str) -> State:
        """A worker has gone on, or has not."""
        if letter in {"x", "z"}:
            after = {"x": self._crashed, "z": _overtaken}[letter]
            return after(state, worker)
        call = ascii_lowercase.index(which) if which else min(worker.node.calls)
        if letter == "r":
            return self._repeated(state, worker, call)
        return self._worked(state, worker, call, young=letter == "y")

    def _started(self, state: State, number: int) -> tuple[State, str]:
        which, recipe = divmod(number, len(self.scenario.recipes))
        message = _kinds(state.queue)[which]
        task = message._replace(recipe=self.scenario.recipes[recipe])
        node = self._workshop.begin(task._replace(overwritten=False))
        worker = Worker(state.started, task, node)
        queue = _without(state.queue, message)
        workers = (*state.workers, worker)
        return state._replace(queue=queue, workers=workers, started=state.started + 1), task.key

    def _mislaid(self, state: State, letter: str, number: int) -> tuple[State, str]:
        message, left = _kinds(state.queue)[number], state.trouble
        if letter == "d":
            left = left._replace(copies=left.copies - 1)
            return state._replace(queue=_with(state.queue, message), trouble=left), message.key
        left = left._replace(losses=left.losses - 1)
        lost = state._replace(queue=_without(state.queue, message), trouble=left)
        return self._later(lost, Task(message.key, "sync", "")), message.key

    def _worked(self, state: State, worker: Worker, place: int, *, young: bool) -> State:
        """One call is made and answered."""
        call = worker.node.calls[place]
        written = NEWER if young else age(state, worker)
        left = state.trouble._replace(clocks=state.trouble.clocks - young)
        state, given, effective = self._made(state._replace(trouble=left), call)
        if self._waits and given is not None and tells_age(worker, call):
            given = dated(given, written)
            believes = worker.believes or (worker.task.kind == "event" and written < NEWER)
            worker = worker._replace(believes=believes)
        worker = worker._replace(task=_named(state, worker.name).task)
        node = worker.node.answered(place, given)
        if not node.calls:
            return self._ended(state, worker, owing=node.again and worker.owed)
        return _with_worker(state, worker._replace(node=node, wrote=worker.wrote or effective))

    def _repeated(self, state: State, worker: Worker, place: int) -> State:
        """One call is made; its client does not hear of it and is about to make it again."""
        state, _, effective = self._made(state, worker.node.calls[place])
        worker = worker._replace(task=_named(state, worker.name).task)
        left = state.trouble._replace(repeats=state.trouble.repeats - 1)
        return _with_worker(state, worker._replace(wrote=worker.wrote or effective))._replace(trouble=left)

    def _crashed(self, state: State, worker: Worker) -> State:
        left = state.trouble._replace(crashes=state.trouble.crashes - 1)
        return self._ended(state._replace(trouble=left), worker, owing=worker.owed)

    def _ended(self, state: State, worker: Worker, *, owing: bool) -> State:
        """A worker is gone; what waited for it alone comes again."""
        queue, away = state.queue, list[Away]()
        for task, awaited in state.away:
            left = awaited - {worker.name}
            if left:
                away.append(Away(task, left))
            else:
                queue = _with(queue, task)
        state = state._replace(
            workers=tuple(each for each in state.workers if each.name != worker.name),
            queue=queue,
            away=tuple(away),
            witnesses=state.witnesses - {worker.name},
        )
        return self._later(state, _returned(worker.task)) if owing else state

    def _later(self, state: State, message: Task) -> State:
        """A message is to come again, when whoever is at work on its key has ended."""
        awaited = frozenset(each.name for each in state.workers if each.task.key == message.key)
        if not (awaited and self._waits):
            return state._replace(queue=_with(state.queue, message))
        return state._replace(away=(*state.away, Away(message, awaited)))

    def _made(self, state: State, call: Call) -> tuple[State, Answer, bool]:
        if call.bucket == "source":
            assert not call.writes, "reconcile only reads the source"
            return state, answer(state.source, call)[1], False
        contents, given = answer(state.destination, call)
        if contents is state.destination:
            return state, given, False
        state = state._replace(destination=contents)
        if self._waits and call.key.startswith(MANIFESTS + "/"):
            state = recorded(state, call)
        return state, given, True


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


def _overtaken(state: State, worker: Worker) -> State:
    queue = _with(state.queue, _returned(worker.task))
    left = state.trouble._replace(overlaps=state.trouble.overlaps - 1)
    state = _with_worker(state, worker._replace(owed=False))
    return state._replace(queue=queue, trouble=left)


def _returned(task: Task) -> Task:
    """A message that comes back says so by its count of receives; a sync is simply run again."""
    return Task(task.key, "sync" if task.kind == "sync" else "again", "")


def _named(state: State, name: int) -> Worker:
    return next(each for each in state.workers if each.name == name)


def _with_worker(state: State, worker: Worker) -> State:
    workers = tuple(worker if each.name == worker.name else each for each in state.workers)
    return state._replace(workers=workers)


def _kinds(queue: tuple[Task, ...]) -> list[Task]:
    return sorted(set(queue))


def _with(queue: tuple[Task, ...], message: Task) -> tuple[Task, ...]:
    return tuple(sorted((*queue, message)))


def _without(queue: tuple[Task, ...], message: Task) -> tuple[Task, ...]:
    place = queue.index(message)
    return queue[:place] + queue[place + 1 :]
