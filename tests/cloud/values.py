"""Property values on the wire and here.

Here they are what JSON has, with three additions: `UNKNOWN` stands for what only the deployment will tell,
and assets and archives are read from where the program says. Secrets are unwrapped, references to resources
are their ids, and nulls are left out, which is what Pulumi takes them for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from .archives import Archive, Asset

UNKNOWN = rpc.UNKNOWN
"""A value that is not known before the deployment."""

_KIND = rpc._special_sig_key
_SECRET = rpc._special_secret_sig
_OUTPUT = rpc._special_output_value_sig
_RESOURCE = rpc._special_resource_sig
_ASSET = rpc._special_asset_sig
_ARCHIVE = rpc._special_archive_sig

Values = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Reads values from the wire.

    Attributes:
        folder: what relative paths of assets are relative to.
    """

    folder: Path

    def values(self, wire: struct_pb2.Struct) -> Values:
        """The properties of a message."""
        return self._dict(json_format.MessageToDict(wire))

    def _value(self, wire: Any) -> Any:  # noqa: ANN401 - as JSON has them
        match wire:
            case {rpc._special_sig_key: str(kind)}:
                return self._special(kind, wire)
            case dict():
                return self._dict(wire)
            case list():
                return [self._value(each) for each in wire]
            case float() if wire.is_integer():
                return int(wire)  # the wire knows no integers
            case _:
                return wire

    def _dict(self, wire: Mapping[str, Any]) -> Values:
        return {key: self._value(each) for key, each in wire.items() if each is not None}

    def _special(self, kind: str, wire: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as JSON has them
        if kind == _SECRET:
            return self._value(wire["value"])
        if kind == _OUTPUT:
            return self._value(wire["value"]) if "value" in wire else UNKNOWN
        if kind == _RESOURCE:
            return wire.get("id") or UNKNOWN if "id" in wire else wire["urn"]
        if kind == _ASSET:
            return Asset(self._path(wire), wire.get("text"))
        if kind == _ARCHIVE:
            members = {name: self._value(each) for name, each in (wire.get("assets") or {}).items()}
            return Archive(self._path(wire), members)
        raise ValueError(f"a value of a kind that is not known here: {kind}")

    def _path(self, wire: Mapping[str, Any]) -> Path | None:
        if wire.get("uri"):
            raise ValueError(f"assets are only read from files, not from {wire['uri']}")
        return self.folder / wire["path"] if wire.get("path") else None


def wired(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Values as a message has them; assets and archives are not sent back."""
    message = struct_pb2.Struct()
    message.update({key: each for key, each in values.items() if not isinstance(each, Asset | Archive)})
    return message


def recorded(value: Any) -> Any:  # noqa: ANN401 - as JSON has them
    """A value as the state keeps it: files are known by what is in them."""
    match value:
        case Asset() | Archive():
            return {"sha256": value.digest}
        case dict():
            return {key: recorded(each) for key, each in value.items()}
        case list():
            return [recorded(each) for each in value]
        case _:
            return value


def has_unknown(value: Any) -> bool:  # noqa: ANN401 - as JSON has them
    """Whether any part of it is not known."""
    return any(each == UNKNOWN for each in _leaves(value))


def known(values: Mapping[str, Any]) -> Values:
    """Only those that are known in all their parts."""
    return {key: each for key, each in values.items() if not has_unknown(each)}


def _leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401 - as JSON has them
    match value:
        case dict():
            for each in value.values():
                yield from _leaves(each)
        case list():
            for each in value:
                yield from _leaves(each)
        case _:
            yield value
