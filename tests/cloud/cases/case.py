"""What is to be refused."""

from typing import Any, NamedTuple


class Case(NamedTuple):
    """Inputs that AWS refuses.

    Attributes:
        kind: the resource's token.
        changed: what is not as in well.py.
        said: what AWS says.
    """

    kind: str
    changed: dict[str, Any]
    said: str
