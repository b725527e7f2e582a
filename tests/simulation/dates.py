"""When manifests were written, as far as it is told: in relation to who is at work, and to what was heard."""

from tests.simulation.bucket import Answer, Call, Refusal
from tests.simulation.state import State, Worker
from tests.simulation.worker import NEWER, OLD, YOUNG, Task

from pixmill.keys import manifest_key
from pixmill.storage import Meta


def tells_age(worker: Worker, call: Call) -> bool:
    """Whether a call is a look at a manifest by somebody to whom its age tells something."""
    return worker.task.kind != "sync" and not call.writes and call.key == manifest_key(worker.task.key)


def dated(given: Answer, written: float) -> Answer:
    """The answer to a look at a manifest that is there."""
    if isinstance(given, Meta):
        return given._replace(modified=written)
    assert isinstance(given, tuple)
    assert not isinstance(given, Refusal)
    meta, data = given
    return meta._replace(modified=written), data


def age(state: State, worker: Worker) -> float:
    """When the manifest was written that a worker may find: `OLD`, `YOUNG` or `NEWER`."""
    if worker.task.overwritten:
        return NEWER
    key = worker.task.key
    met = any(each.task.key == key and each.name in state.witnesses for each in state.workers)
    return YOUNG if met else OLD


def finds_manifest(state: State, worker: Worker, call: Call) -> bool:
    """Whether such a call will find one."""
    return tells_age(worker, call) and call.key in state.destination


def recorded(state: State, call: Call) -> State:
    """A manifest was written or deleted: who was told of its key before that, and who is at work on it?"""
    there = call.key in state.destination

    def told(task: Task) -> Task:
        concerned = task.kind == "event" and manifest_key(task.key) == call.key
        return task._replace(overwritten=there) if concerned else task

    workers = tuple(each._replace(task=told(each.task)) for each in state.workers)
    concerned = {each.name for each in workers if manifest_key(each.task.key) == call.key}
    return state._replace(
        queue=tuple(sorted(told(each) for each in state.queue)),
        workers=workers,
        witnesses=state.witnesses | concerned if there else state.witnesses - concerned,
    )
