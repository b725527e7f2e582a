"""The simulated bucket: what S3 documents, as a function from contents and a call to contents and an answer.

- Reads see every write that came before (strong consistency, for each key).
- An entity tag is the MD5 of the bytes. Equal bytes have equal tags, so what was changed and changed back
  (A-B-A) cannot be told from what was never touched.
- A put on condition checks and writes in one step. A delete has no condition.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from hashlib import md5
from typing import Literal, NamedTuple, TypeAlias

from pixmill.storage import ANY, Conflict, Expected, Meta

Contents: TypeAlias = dict[str, bytes]
"""Key and bytes of every object of a bucket."""


class Call(NamedTuple):
    """One storage call."""

    bucket: Literal["source", "destination"]
    verb: Literal["head", "get", "put", "delete"]
    key: str
    data: bytes = b""
    expect: Expected = None

    @property
    def writes(self) -> bool:
        return self.verb in {"put", "delete"}


class Refusal(NamedTuple):
    """The answer to a put that did not find what it expected."""

    key: str


Answer: TypeAlias = Meta | tuple[Meta, bytes] | str | Refusal | None


@cache
def etag(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest()


def answer(contents: Contents, call: Call) -> tuple[Contents, Answer]:
    """What a bucket holds after a call, and what it says to it."""
    found = contents.get(call.key)
    tag = None if found is None else etag(found)
    match call.verb:
        case "head":
            return contents, None if found is None else _meta(call.key, found)
        case "get":
            return contents, None if found is None else (_meta(call.key, found), found)
        case "put":
            if call.expect is not ANY and call.expect != tag:
                return contents, Refusal(call.key)
            return {**contents, call.key: call.data}, etag(call.data)
        case "delete":
            return {key: data for key, data in contents.items() if key != call.key}, None


def _meta(key: str, data: bytes) -> Meta:
    return Meta(key, etag(data), len(data))


class Stop(BaseException):
    """A worker has come to a call that nobody has answered yet. No error: it is put aside until then."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.call = call


class Tape:
    """The answers that a worker has had so far, played back to it; then it stops at its next call.

    Args:
        answers: in the order in which they were given.
        reachable: every key that any worker may ever write. A read of another one finds nothing and meets
            nobody, so it is answered at once; that keeps schedules short and leaves none out.
    """

    def __init__(self, answers: tuple[Answer, ...], reachable: frozenset[str]) -> None:
        self._answers = iter(answers)
        self._reachable = reachable

    def ask(self, call: Call) -> Answer:
        if call.key not in self._reachable:
            assert not call.writes, f"the simulation does not know that {call.key} may be written"
            return None
        try:
            given = next(self._answers)
        except StopIteration:
            raise Stop(call) from None
        if isinstance(given, Refusal):
            raise Conflict(given.key)
        return given


class Bucket:
    """A `Store` whose calls are answered by a tape."""

    location = None

    def __init__(self, name: Literal["source", "destination"], tape: Tape) -> None:
        self._name: Literal["source", "destination"] = name
        self._tape = tape

    def head(self, key: str) -> Meta | None:
        found = self._tape.ask(Call(self._name, "head", key))
        assert found is None or isinstance(found, Meta)
        return found

    def get(self, key: str) -> tuple[Meta, bytes] | None:
        found = self._tape.ask(Call(self._name, "get", key))
        if found is None:
            return None
        assert isinstance(found, tuple)
        assert not isinstance(found, Meta | Refusal)
        return found

    def put(  # noqa: PLR0913 - see Store
        self,
        key: str,
        data: bytes,
        *,
        media_type: str,  # noqa: ARG002 - no law is about the headers of an object
        expect: Expected,
        cache_control: str | None = None,  # noqa: ARG002
        metadata: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> str:
        tag = self._tape.ask(Call(self._name, "put", key, data, expect))
        assert isinstance(tag, str)
        return tag

    def delete(self, key: str) -> None:
        self._tape.ask(Call(self._name, "delete", key))

    def list(self, prefix: str = "") -> Iterator[Meta]:
        raise NotImplementedError(prefix)

    def claim(self) -> AbstractContextManager[tuple[int, ...]]:
        return nullcontext(())

    def made_by_us(self, key: str) -> bool:
        raise NotImplementedError(key)
