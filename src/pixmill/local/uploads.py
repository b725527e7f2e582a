"""Uploads: whole or not at all, under the recipe's limit, and never over another original."""

from collections.abc import AsyncIterator
from itertools import islice

from starlette.concurrency import run_in_threadpool

from pixmill.errors import Failed, Refused, Rejected
from pixmill.local.naming import alternatives
from pixmill.local.spare import Spare, spare_for
from pixmill.storage import Conflict, Meta, Store

_TRIES = 1000  # names for one upload
_PIECE = 1 << 20  # bytes that are written at once


async def receive(
    pieces: AsyncIterator[bytes], key: str, store: Store, *, most: int, declared: int | None
) -> Meta:
    """Take in one upload.

    Args:
        pieces: its bytes as they come.
        key: what it shall be called; if another file has that name, it gets a number.
        store: where to.
        most: bytes that it may have.
        declared: how many bytes there will be, if the sender says so.

    Returns:
        The new original, or the one that was there with the same content.

    Raises:
        Rejected: "too-many-bytes".
        Failed: it cannot be written.
    """
    if declared is not None and declared > most:
        raise _too_large(most)
    spare = await run_in_threadpool(spare_for, store)
    try:
        size, held = 0, bytearray()
        async for piece in pieces:
            size += len(piece)
            if size > most:
                raise _too_large(most)
            held += piece
            if len(held) >= _PIECE:
                await run_in_threadpool(spare.write, bytes(held))
                held.clear()
        await run_in_threadpool(spare.write, bytes(held))
        if declared is not None and size != declared:
            raise Refused("invalid-request", "The upload broke off.")
        return await run_in_threadpool(_named, spare, key)
    finally:
        # Not on a thread: a request that is cancelled waits for nothing any more.
        spare.close()


def _named(spare: Spare, key: str) -> Meta:
    for name in islice(alternatives(key), _TRIES):
        try:
            return spare.put(name)
        except Conflict:
            if found := spare.twin(name):
                return found
    raise Failed("storage-unavailable", f"There are {_TRIES} files called like {key}.")


def _too_large(most: int) -> Rejected:
    return Rejected("too-many-bytes", f"The file is larger than {most:,} bytes, which the recipe allows.")
