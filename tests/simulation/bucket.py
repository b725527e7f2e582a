"""The simulated bucket: what S3 documents, as a function from contents and a call to contents and an answer.

- Reads see every write that came before (strong consistency, for each key).
- An entity tag is the MD5 of the bytes. Equal bytes have equal tags, so what was changed and changed back
  (A-B-A) cannot be told from what was never touched.
- A put on condition checks and writes in one step. A delete has no condition.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from functools import cache
from hashlib import md5
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from pixmill.storage import ANY, Conflict, Expected, Meta, Opened

T = TypeVar("T")

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


class Pending(Enum):
    """The type of `PENDING`."""

    PENDING = "pending"


PENDING = Pending.PENDING
"""Stands for an answer that has not been given yet."""

Round: TypeAlias = tuple[Answer | Literal[Pending.PENDING], ...]
"""The answers to calls that were made together, or to one that was made alone."""


class Stop(BaseException):
    """A worker has come to calls that nobody has answered yet. No error: it is put aside until then.

    Attributes:
        calls: what it waits for, each by its place in its round.
        size: how many calls the round has.
    """

    def __init__(self, calls: dict[int, Call], size: int) -> None:
        super().__init__(calls)
        self.calls = calls
        self.size = size


class Tape:
    """The answers that a worker has had so far, played back to it; then it stops at its next calls.

    Args:
        rounds: in the order in which they were made; only the last one may have answers pending.
        reachable: every key that any worker may ever write. A read of another one finds nothing and meets
            nobody, so it is answered at once; that keeps schedules short and leaves none out.
    """

    def __init__(self, rounds: tuple[Round, ...], reachable: frozenset[str]) -> None:
        self._rounds = iter(rounds)
        self._reachable = reachable
        self._round: Round = ()
        self._place: int | None = None

    def ask(self, call: Call) -> Answer:
        if call.key not in self._reachable:
            assert not call.writes, f"the simulation does not know that {call.key} may be written"
            return None
        place = self._place or 0
        if place == 0:
            self._round = next(self._rounds, ())
        if self._place is not None:
            self._place += 1
        given = self._round[place] if place < len(self._round) else PENDING
        if given is PENDING:
            raise Stop({place: call}, place + 1)
        if isinstance(given, Refusal):
            raise Conflict(given.key)
        return given

    def together(self, *calls: Callable[[], T]) -> tuple[T, ...]:
        """All calls wait at once, and may be answered in any order. Each asks for one thing."""
        assert self._place is None, "calls within calls"
        self._place = 0
        answers: list[T] = []
        conflicts: list[Conflict] = []
        pending: dict[int, Call] = {}
        try:
            for call in calls:
                asked = self._place
                try:
                    answers.append(call())
                except Conflict as conflict:
                    conflicts.append(conflict)
                except Stop as stop:
                    pending.update(stop.calls)
                assert self._place <= asked + 1, "a call that asks for two things"
            size = self._place
        finally:
            self._place = None
        if pending:
            raise Stop(pending, size)
        if conflicts:
            raise conflicts[0]
        return tuple(answers)


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

    def open(self, key: str) -> Opened | None:
        """One request: its answer has the bytes of the object that was found, whatever comes after."""
        found = self.get(key)
        return found and Opened(found[0], lambda: found[1])

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
