"""The engine in a process of its own, so that a decoder that dies, hangs or eats memory costs one original.

What is prevented, once the process has seen its first picture:

- It lives no longer than its parent, and leaves no core file.
- It has so many bytes of memory and, for each original, so many seconds of the processor, and no more.
- It opens no file and no socket, and starts no program with more rights than its own. Its only descriptors
  are the two pipes to its parent, and one where whatever it says is lost.
- The environment's variables, credentials among them, are not in its memory.
- What it answers is taken for a rendition only if it has the form of one that was asked for.

What is not: code that an original has smuggled into the process can give that original and those after it
wrong pixels, until the process is replaced. It can see those originals, but has nowhere to send them. It can
make system calls that need no descriptor, such as signals to processes of the same user; a kernel that lets
one process of a user read another one's memory (Yama's `ptrace_scope` 0) lets it read its parent's.

It needs neither shared memory nor semaphores, of which Lambda has none.
"""

from pixmill.confinement.allowance import Allowance
from pixmill.confinement.confined import Confined
from pixmill.confinement.loss import Loss

__all__ = ["Allowance", "Confined", "Loss"]
