"""One deployment: from what stands and what is asked for to what is done, step by step.

    deployment = Deployment(provider, state, dry_run=False)
    answer = deployment.register(goal)   # for each resource, after what it needs
    deployment.finish()                  # what was not asked for again is deleted

A dry run, which is a preview, decides the same and does nothing; what only doing would tell is unknown.
"""

import uuid
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from . import dependents
from .differences import changed, changed_at, without_changes
from .goals import PROVIDER, Goal
from .provider import Checked, Provider, Refused
from .state import Operation, Resource, State
from .steps import Op, Step, in_order_of_deletion
from .turns import Turns
from .values import Values, has_unknown, known, recorded


class Stopped(Exception):  # noqa: N818 - nothing is wrong with what was asked
    """An earlier step has failed, and nothing is begun any more."""


class Interrupted(BaseException):
    """The engine has died in the midst of a step, for a test."""


@dataclass
class Deployment:
    """A deployment under way. Threads may register at a time; steps are done one by one.

    Attributes:
        provider: the cloud.
        state: what stands; changed as it goes, unless it is a dry run.
        dry_run: whether nothing is to be done.
        fail_at: a token or a name of a resource whose step is to fail before it is begun.
        die_at: the same, but the engine dies after the step was done and before it is noted.
        steps: what was done so far.
        warnings: what should be said.
        failure: what ended it early.
    """

    provider: Provider
    state: State
    dry_run: bool = False
    fail_at: str = ""
    die_at: str = ""
    steps: list[Step] = field(default_factory=list[Step])
    warnings: list[str] = field(default_factory=list[str])
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        self._turns = Turns()
        self._goals: dict[str, Goal] = {}
        self._gone: set[str] = set()  # deleted before their replacements
        self._leaving: set[str] = set()  # to be deleted
        self._kept: set[str] = set()  # asked for, by the URN that they had
        self._configs: dict[str, Values] = {}
        self.warnings += [f"{each.urn}: interrupted while {each.verb}" for each in self.state.pending]
        if not self.dry_run:
            self.state.pending = []

    def register(self, goal: Goal) -> Resource:
        """Bring one resource to what is asked for.

        Raises:
            Refused: the cloud does not take it.
            Stopped: an earlier step has failed.
        """
        late = goal.type in self.provider.late and not self.dry_run
        with self._turns.turn(late=late), self._stopping():
            if goal.urn in self._goals:
                raise Refused(f"Duplicate resource URN '{goal.urn}'; try giving it a unique name")
            above = self._goals.get(goal.parent)
            self._goals[goal.urn] = goal = _inheriting(goal, above) if above else goal
            old = self.state.find([goal.urn, *goal.aliases])
            if old:
                self._kept.add(old.urn)
            if not goal.custom or goal.type.startswith(PROVIDER):
                return self._name(goal, old)
            return self._bring(goal, old)

    def read(self, kind: str, identity: str, goal: Goal) -> Resource:
        """Look at a resource that something else made."""
        with self._turns.turn(late=False), self._stopping():
            region = self._region_of(goal)
            resource = _resource(goal, identity, self.provider.read(kind, region, identity), region)
            self._goals[goal.urn] = goal
            self.steps.append(Step.of(Op.READ, resource))
            return resource

    def configure(self, config: Mapping[str, str]) -> None:
        """Take the default provider's configuration."""
        self._configs[""] = dict(config)

    def region(self, provider: str = "") -> str:
        """Where a provider's resources stand; without one, those of the default provider."""
        return self.provider.region(self._configs.get(provider, {}))

    def finish(self) -> None:
        """Delete what was replaced, and what is not asked for any more.

        Raises:
            Refused: something is protected, or the cloud does not let it go.
        """
        doomed = [each for each in self.state.resources if each.doomed or self._is_unwanted(each)]
        with self._stopping():
            self._unless_protected(each for each in doomed if not each.doomed)
            self._delete_all(doomed)

    def _region_of(self, goal: Goal) -> str:
        return goal.inputs.get("region") or self.region(goal.provider)

    def _is_unwanted(self, resource: Resource) -> bool:
        return resource.urn not in self._goals and resource.urn not in self._kept

    @contextmanager
    def _stopping(self) -> Generator[None]:
        if self.failure is not None:
            raise Stopped("stopped, because an earlier step has failed")
        try:
            yield
        except BaseException as error:
            self.failure = error
            raise

    def _name(self, goal: Goal, old: Resource | None) -> Resource:
        """A component or a provider: nothing in the cloud."""
        identity = ""
        if goal.custom:
            identity = old.id if old else str(uuid.uuid4())
            self._configs[goal.urn] = goal.inputs
        resource = replace(_resource(goal, identity, {}, ""), custom=False)
        self._note(Op.SAME if old else Op.CREATE, resource, old)
        return resource

    def _bring(self, goal: Goal, old: Resource | None) -> Resource:
        inputs = without_changes(old.inputs, goal.inputs, goal.ignore_changes) if old else goal.inputs
        checked = self.provider.check(goal.type, goal.name, inputs, old)
        if has_unknown(inputs) and not self.dry_run:
            raise Refused(f"{goal.urn} has inputs that are still unknown")
        if old is None:
            return self._create(goal, checked, Op.REPLACE if goal.urn in self._gone else Op.CREATE, ())
        new = recorded(checked.inputs)
        differing = changed(old.inputs, new)
        if old.region != self._region_of(goal):
            return self._replace(goal, inputs, old, ("region",))
        if not differing:
            resource = _resource(goal, old.id, old.outputs, old.region)
            resource = replace(resource, inputs=old.inputs, named=old.named)
            self._note(Op.SAME, resource, old)
            return resource
        if checked.replaces & {*differing, "*"} or changed_at(old.inputs, new, goal.replace_on_changes):
            return self._replace(goal, inputs, old, differing)
        return self._update(goal, checked, old, differing)

    def _create(self, goal: Goal, checked: Checked, op: Op, differing: tuple[str, ...]) -> Resource:
        region = self._region_of(goal)
        resource = _resource(goal, "", {}, region)
        resource = replace(resource, inputs=recorded(checked.inputs), named=checked.named)
        if self.dry_run:
            self.steps.append(Step.of(op, resource, differing))
            return replace(resource, outputs=known(resource.inputs))
        with self._operation("creating", resource):
            identity, outputs = self.provider.create(goal.type, region, checked.inputs)
            self._die_or_go_on(resource)
        resource = replace(resource, id=identity, outputs=outputs)
        self._note(op, resource, None, differing)
        return resource

    def _replace(self, goal: Goal, inputs: Values, old: Resource, differing: tuple[str, ...]) -> Resource:
        self._unless_protected([old])
        checked = self.provider.check(goal.type, goal.name, inputs, None)
        first = goal.delete_before_replace
        if self.provider.clashes(old, checked.inputs) if first is None else first:
            going = [*dependents.to_replace(self.provider, old, self.state.resources), old]
            self._unless_protected(going)
            self._gone |= {each.urn for each in going}
            self._delete_all(self.state.doom(*going))
            return self._create(goal, checked, Op.REPLACE, differing)
        made = self._create(goal, checked, Op.REPLACE, differing)
        self.state.doom(old)
        self.state.write()
        return made

    def _update(self, goal: Goal, checked: Checked, old: Resource, differing: tuple[str, ...]) -> Resource:
        resource = _resource(goal, old.id, {}, old.region)
        resource = replace(resource, inputs=recorded(checked.inputs), named=checked.named)
        if self.dry_run:
            outputs = self.provider.foresee(old, known(checked.inputs))
        else:
            with self._operation("updating", resource):
                outputs = self.provider.update(old, checked.inputs)
                self._die_or_go_on(resource)
        resource = replace(resource, outputs=outputs)
        self._note(Op.UPDATE, resource, old, differing)
        return resource

    def _delete_all(self, doomed: Iterable[Resource]) -> None:
        ordered = in_order_of_deletion(doomed)
        self._leaving |= {each.urn for each in ordered}
        for each in ordered:
            self._delete(each, Op.DELETE_REPLACED if each.doomed else Op.DELETE)

    def _delete(self, old: Resource, op: Op) -> None:
        if old.custom and old.retain:
            op = Op.RETAIN
        elif old.custom and not self.dry_run and old.deleted_with not in self._leaving:
            with self._operation("deleting", old):
                self.provider.delete(old)
                self._die_or_go_on(old)
        self.steps.append(Step.of(op, old))
        self.state.drop(old)
        self.state.write()

    def _note(
        self, op: Op, resource: Resource, old: Resource | None, differing: tuple[str, ...] = ()
    ) -> None:
        self.steps.append(Step.of(op, resource, differing))
        if not self.dry_run:
            self.state.put(resource, old)
            self.state.write()

    @contextmanager
    def _operation(self, verb: str, resource: Resource) -> Generator[None]:
        if self.fail_at and self.fail_at in (resource.type, resource.name):
            raise Refused(f"failed on request at {resource.type} {resource.name}")
        noted = Operation(verb, resource.urn)
        self.state.pending.append(noted)
        self.state.write()
        try:
            yield
        except Exception:
            self.state.pending.remove(noted)
            self.state.write()
            raise
        self.state.pending.remove(noted)

    def _die_or_go_on(self, resource: Resource) -> None:
        if self.die_at and self.die_at in (resource.type, resource.name):
            raise Interrupted(f"died on request at {resource.type} {resource.name}")

    def _unless_protected(self, resources: Iterable[Resource]) -> None:
        for each in resources:
            if each.protect:
                raise Refused(f"resource '{each.urn}' cannot be deleted, because it is protected")


def _inheriting(goal: Goal, above: Goal) -> Goal:
    return replace(
        goal,
        protect=above.protect if goal.protect is None else goal.protect,
        retain=above.retain if goal.retain is None else goal.retain,
        deleted_with=goal.deleted_with or above.deleted_with,
    )


def _resource(goal: Goal, identity: str, outputs: Mapping[str, Any], region: str) -> Resource:
    return Resource(
        urn=goal.urn,
        type=goal.type,
        id=identity,
        inputs=recorded(goal.inputs),
        outputs=outputs,
        parent=goal.parent,
        dependencies=goal.dependencies,
        property_dependencies=goal.property_dependencies,
        protect=bool(goal.protect),
        retain=bool(goal.retain),
        deleted_with=goal.deleted_with,
        region=region,
    )
