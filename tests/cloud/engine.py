"""Pulumi without Pulumi's engine: previews, updates and destroys stacks of programs on an emulated AWS.

    with Engine(endpoint=cloud.endpoint, region="eu-central-1") as engine:
        stack = engine.stack(folder, name="dev", config={"size": 3})
        assert stack.preview().changes
        stack.up()
        assert not stack.up().changes
        stack.destroy()

The program is run as it is, with Pulumi's own SDK for Python, which is told to talk to this engine. README.md
says what it does and what it leaves out.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from .aws.provider import Aws
from .deployment import Deployment, Interrupted
from .goals import Namespace
from .monitor import Monitor, serving
from .program import Ended, Launcher
from .project import Project
from .provider import Provider, Refused
from .state import Resource, State
from .steps import DeploymentError, Result


class Engine:
    """Runs programs, from `__enter__` to `__exit__`.

    Args:
        endpoint: the URL of the emulated AWS.
        region: of the default provider, where the configuration names no other.
        search: more folders that programs can import from.
    """

    def __init__(self, *, endpoint: str, region: str, search: tuple[Path, ...] = ()) -> None:
        self.provider: Provider = Aws(endpoint, region)
        self._launcher = Launcher(search=search)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._launcher)
            self._folder = Path(stack.enter_context(TemporaryDirectory(prefix="pixmill-stacks-")))
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def stack(self, folder: Path, name: str = "dev", config: Mapping[str, Any] | None = None) -> "Stack":
        """A stack of the program in a folder. Its state is there as long as the engine runs."""
        project = Project.read(folder)
        file = self._folder / f"{project.name}.{name}.json"
        return Stack(project, name, dict(config or {}), file, self.provider, self._launcher)


@dataclass
class Stack:
    """One instance of a program.

    Attributes:
        project: the program.
        name: of the stack.
        config: what is configured; keys without a namespace are the project's own. May be changed.
        file: keeps the state.
        provider: the cloud.
        launcher: runs the program.
        environment: more variables for the program. May be changed.
    """

    project: Project
    name: str
    config: dict[str, Any]
    file: Path
    provider: Provider
    launcher: Launcher
    environment: dict[str, str] = field(default_factory=dict[str, str])

    def preview(self) -> Result:
        """What `up` would do.

        Raises:
            DeploymentError: it would fail.
        """
        state = State.read(self.file)
        return self._run(Deployment(self.provider, State(None, state.resources, state.pending), dry_run=True))

    def up(self, *, fail_at: str = "", die_at: str = "") -> Result:
        """Bring the stack to what the program asks for.

        Args:
            fail_at: a token or a name of a resource, at which to fail before anything is done for it.
            die_at: the same, but to end as if killed, when it is done and not yet noted.

        Raises:
            DeploymentError: something was refused, or the program failed.
        """
        state = State.read(self.file)
        return self._run(Deployment(self.provider, state, fail_at=fail_at, die_at=die_at))

    def destroy(self, *, fail_at: str = "") -> Result:
        """Take everything down. The program is not run.

        Raises:
            DeploymentError: something is protected, or the cloud does not let it go.
        """
        deployment = Deployment(self.provider, State.read(self.file), fail_at=fail_at)
        return self._ended(deployment, Result(), deployment.finish)

    def unprotect(self) -> None:
        """Let everything be deleted, as `pulumi state unprotect --all` does."""
        state = State.read(self.file)
        state.resources = [replace(each, protect=False) for each in state.resources]
        state.write()

    def resources(self) -> list[Resource]:
        """All that stands, components and the stack itself included, each after what it needs."""
        return State.read(self.file).resources

    def resource(self, kind: str, name: str = "") -> Resource:
        """The one resource of a type, or of a type and a name.

        Raises:
            LookupError: there is none, or more than one.
        """
        found = [each for each in self.resources() if each.type == kind and name in ("", each.name)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} resources are {kind} {name}")
        return found[0]

    def _run(self, deployment: Deployment) -> Result:
        namespace = Namespace(self.project.name, self.name)
        config = self.project.config(self.name, self.config)
        deployment.configure({key[4:]: each for key, each in config.items() if key.startswith("aws:")})
        monitor = Monitor(deployment, namespace, self.project.folder)
        result = Result()

        def run() -> None:
            with serving(monitor) as address:
                ended = self.launcher.run(
                    self.project,
                    namespace,
                    address,
                    config=config,
                    dry_run=deployment.dry_run,
                    environment=self.environment,
                )
            result.outputs, result.logs, result.printed = monitor.outputs, monitor.logs, ended.printed
            if ended.status:
                raise deployment.failure or _failed(ended)
            deployment.finish()

        return self._ended(deployment, result, run)

    def _ended(self, deployment: Deployment, result: Result, run: Callable[[], None]) -> Result:
        try:
            run()
        except (Refused, Interrupted, ChildProcessError) as error:
            raise DeploymentError(str(error), result) from error
        finally:
            result.steps = deployment.steps
            result.logs += [f"warning: {each}" for each in deployment.warnings]
        return result


def _failed(ended: Ended) -> Exception:
    how = f"was killed by signal {-ended.status}" if ended.status < 0 else "failed"
    return ChildProcessError(f"the program {how}:\n{ended.printed}")
