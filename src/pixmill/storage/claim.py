"""An advisory lock on a file, which the system itself releases when its holders are gone."""

import errno
import os
import sys
from typing import NamedTuple

from pixmill.errors import Refused

if sys.platform == "win32":
    import msvcrt

    def _seize(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TAKEN = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


class Lock(NamedTuple):
    """A lock that is held.

    Attributes:
        file: the descriptor that holds it; whoever inherits it holds it as well.
        exclusive: False on a file system that knows no locks, where it is a mere hope.
    """

    file: int
    exclusive: bool

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process must inherit to hold the lock on."""
        return (self.file,)

    def release(self) -> None:
        """Let go. Others who inherited the descriptor hold on until they end."""
        os.close(self.file)


def claimed(path: bytes) -> Lock:
    """Take the lock on a file, which is made if need be and never removed, or give up at once.

    Raises:
        OSError: the file cannot be opened.
        Refused: "destination-busy": somebody holds it.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _seize(file)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return Lock(file, exclusive=False)
        os.close(file)
        if error.errno in _TAKEN:
            raise Refused("destination-busy") from error
        raise
    return Lock(file, exclusive=True)
