"""What is wrong with a deployment, said before anything is made."""

from collections.abc import Iterable

from pixmill.errors import Refused
from pixmill.recipe.problems import Problem


class DeploymentError(Refused):
    """The arguments of a pipeline have mistakes. Its text lists all of them, one a line, each with its path.

    Args:
        problems: every mistake that was found.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("invalid-deployment", "\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process boundaries whole."""
        return DeploymentError, (self.problems,)
