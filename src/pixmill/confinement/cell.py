"""Where a renderer's process is kept: one at a time, replaced when it is lost."""

from concurrent.futures import ThreadPoolExecutor

from pixmill.confinement import frames, messages
from pixmill.confinement.allowance import Allowance
from pixmill.confinement.frames import Garbled
from pixmill.confinement.loss import Ended, Loss
from pixmill.confinement.messages import Answer, Job, Order, Ready, Setup
from pixmill.confinement.patience import OutOfTimeError, Patience
from pixmill.confinement.process import Process, is_single
from pixmill.engine import libraries
from pixmill.errors import Failed

_START = 60.0  # seconds for a process to come to life; some hundred times the usual


class Cell:
    """Holds a process, from before its first original until it is lost. Belongs to one thread at a time.

    Args:
        allowance: what one original may cost.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        # The kernel ends a process with the thread that has started it, so that has to be one that stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="pixmill-starter")
        self._process: Process | None = Process.forked() if is_single() else None
        self._prepared = False
        self._foreign = False

    @property
    def peak(self) -> int:
        """See `Confined`."""
        process = self._process
        return process.peak if process else 0

    def close(self) -> None:
        """End the process, for good."""
        self.clear()
        self._starter.shutdown()

    def clear(self, *, at_once: bool = True) -> Ended:
        """End the process, if there is one; or wait for its end for a moment."""
        process, self._process, self._prepared = self._process, None, False
        return process.end(at_once=at_once) if process else Ended(0, 0)

    def prepare(self, end: float, *, foreign: bool) -> None:
        """Have a process that lives and has what it needs.

        Args:
            end: when the time is over, as `time.monotonic` has it.
            foreign: whether it is to read formats that libvips does not.

        Raises:
            Failed: `out-of-time` or `worker-lost`.
        """
        process = self._process
        lacks = self._prepared and foreign and not self._foreign
        if process and (lacks or not process.is_well):
            self.clear()
            process = None
        # Once such a file has come, another one will.
        self._foreign |= foreign
        # One that has waited since the beginning may end at any moment, like any other.
        if process and (self._prepared or self._set_up(process, end)):
            return
        process = self._start()
        if not self._set_up(process, end):
            raise Failed("worker-lost", f"The engine's process did not start; it said: {process.last_words}")

    def ask(self, job: Job, data: bytes, end: float) -> Answer:
        """Have the process do a job.

        Raises:
            Loss: the process was lost.
            Garbled: what it says is no answer.
            Failed: `out-of-time`.
        """
        process = self._process
        if process is None:
            raise Loss("died")
        return self._exchange(process, job, data, Patience(process.id, self._allowance.still, end))

    def _start(self) -> Process:
        try:
            process = self._process = self._starter.submit(Process.started).result()
        except OSError as error:
            raise Failed("worker-lost", f"No process for the engine could be started: {error}.") from error
        return process

    def _set_up(self, process: Process, end: float) -> bool:
        setup = Setup(self._allowance.memory, self._allowance.cpu, self._foreign)
        try:
            answer = self._exchange(process, setup, b"", Patience(process.id, _START, end))
        except (Loss, Garbled):
            answer = None
        self._prepared = isinstance(answer, Ready)
        if isinstance(answer, Ready):
            libraries.tell(answer.versions)
        else:
            self.clear()
        return self._prepared

    def _exchange(self, process: Process, order: Order, data: bytes, patience: Patience) -> Answer:
        try:
            process.write([frames.pack(messages.encoded(order)), data], patience)
            body = process.read(self._allowance.memory, patience)
        except BrokenPipeError:
            body = None
        except OutOfTimeError:
            self.clear()
            raise Failed("out-of-time") from None
        except BaseException:
            # What it would still say would be taken for its next answer.
            self.clear()
            raise
        if body is None:
            raise Loss.of(self.clear(at_once=False), self._allowance.memory)
        return messages.answer(body)
