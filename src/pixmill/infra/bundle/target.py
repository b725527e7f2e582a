"""What a bundle is built for: a processor and a version of Python that Lambda offers."""

from dataclasses import dataclass
from typing import Literal, get_args

from pixmill.errors import Refused

Architecture = Literal["arm64", "x86_64"]
"""Lambda's names for its processors."""

Python = Literal["3.12", "3.13", "3.14"]
"""Those of Lambda's Pythons that run on Amazon Linux 2023, whose glibc 2.34 takes manylinux_2_28 wheels."""

Precompile = Literal["auto", "yes", "no"]
"""Whether to ship bytecode: if a Python of the target's version is here, or else refuse, or never."""

_PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
_ELF_MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}


@dataclass(frozen=True, slots=True)
class Target:
    """A processor and a version of Python.

    Raises:
        Refused: `invalid-option`: Lambda has no such processor, or Pixmill does not run on that Python there.
    """

    architecture: Architecture = "arm64"
    python: Python = "3.13"

    def __post_init__(self) -> None:
        for value, known in ((self.architecture, get_args(Architecture)), (self.python, get_args(Python))):
            if value not in known:
                raise Refused(
                    "invalid-option",
                    f"Expected one of {', '.join(known)}, got {value}.",
                    hint="Choose one of them.",
                )

    @property
    def platform(self) -> str:
        """The platform as uv names it."""
        return _PLATFORMS[self.architecture]

    @property
    def elf_machine(self) -> int:
        """The processor as the header of an ELF file names it."""
        return _ELF_MACHINES[self.architecture]

    @property
    def cache_tag(self) -> str:
        """What stands in the names of its .pyc files.

        >>> Target("arm64", "3.14").cache_tag
        'cpython-314'
        """
        return "cpython-" + self.python.replace(".", "")
