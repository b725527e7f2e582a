"""Files that a command writes: each is seen whole or not at all."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pixmill.errors import Failed, Refused, code_of


def refuse_existing(path: Path) -> None:
    """Refuse to overwrite.

    Raises:
        Refused: `file-exists`.
    """
    if path.exists():
        raise Refused("file-exists", f"{path} exists already.")


@contextmanager
def written_whole(path: Path) -> Generator[BinaryIO]:
    """A file to write to, which takes its name only when the block ends well. Its folders are made.

    Raises:
        Failed: it cannot be written.
    """
    spare = path.with_name(f".pixmill-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with spare.open("xb") as file:
                yield file
            spare.replace(path)
        finally:
            spare.unlink(missing_ok=True)
    except OSError as error:
        code = code_of(error)
        hint = "Check the folder's permissions." if code == "permission-denied" else None
        raise Failed(code, f"{path} cannot be written: {error.strerror}.", hint=hint) from error
