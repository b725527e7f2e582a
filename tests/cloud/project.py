"""A project: the folder of a program, with what its Pulumi.yaml says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml


class ConfigurationError(Exception):
    """The configuration is not what the project asks for."""


@dataclass(frozen=True)
class Project:
    """A program and what is declared of it.

    Attributes:
        folder: holds Pulumi.yaml.
        name: of the project.
        main: the file or the folder to run.
        declared: its configuration, by key: type, default, and so on.
    """

    folder: Path
    name: str
    main: Path
    declared: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The project in a folder."""
        told = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
        main = folder / told.get("main", ".")
        return cls(folder, told["name"], main, told.get("config") or {})

    def config(self, stack: str, given: Mapping[str, Any]) -> dict[str, str]:
        """The whole configuration of a stack: declared defaults, its file's values, what is given.

        Raises:
            ConfigurationError: something is missing, or not of the type that is declared.
        """
        values: dict[str, Any] = {}
        for key, about in self.declared.items():
            found = about if isinstance(about, dict) else {"value": about}
            for source in ("value", "default"):
                if source in found:
                    values[self._full(key)] = found[source]
        file = self.folder / f"Pulumi.{stack}.yaml"
        if file.exists():
            kept = yaml.safe_load(file.read_text("utf-8")) or {}
            values |= {self._full(key): each for key, each in (kept.get("config") or {}).items()}
        values |= {self._full(key): each for key, each in given.items()}
        self._check(stack, values)
        return {key: _text(each) for key, each in values.items()}

    def _full(self, key: str) -> str:
        return key if ":" in key else f"{self.name}:{key}"

    def _check(self, stack: str, values: Mapping[str, Any]) -> None:
        for key, about in self.declared.items():
            full = self._full(key)
            if full not in values:
                raise ConfigurationError(f"Stack '{stack}' is missing configuration value '{key}'")
            wanted = about.get("type") if isinstance(about, dict) else None
            if wanted and not _fits(values[full], wanted):
                raise ConfigurationError(
                    f"Stack '{stack}' with configuration key '{key}' must be of type '{wanted}'"
                )


_TYPES: dict[str, type | tuple[type, ...]] = {"boolean": bool, "integer": int, "array": list, "object": dict}


def _fits(value: Any, wanted: str) -> bool:  # noqa: ANN401 - as YAML has them
    if isinstance(value, str):
        # The command line gives everything as text.
        return {"boolean": value in ("true", "false"), "integer": value.lstrip("-").isdigit()}.get(
            wanted, True
        )
    return wanted in _TYPES and isinstance(value, _TYPES[wanted])


def _text(value: Any) -> str:  # noqa: ANN401 - as YAML has them
    if isinstance(value, str):
        return value
    return json.dumps(value)
