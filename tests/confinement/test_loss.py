"""How a process ended decides who is at fault."""

import signal

import pytest

from pixmill.confinement import Allowance
from pixmill.confinement.loss import Ended, Loss
from pixmill.confinement.shortage import STATUS, is_shortage
from pixmill.errors import Rejected
from pixmill.recipe import Limits

MEMORY = 1000


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (Ended(-signal.SIGSEGV, 10), "decoder-crashed"),
        (Ended(-signal.SIGABRT, 10), "decoder-crashed"),
        (Ended(0, 10), "decoder-crashed"),
        (Ended(1, 10), "decoder-crashed"),
        (Ended(-signal.SIGXCPU, 10), "decoder-too-slow"),
        (Ended(-signal.SIGSEGV, 990), "too-much-memory"),
        (Ended(STATUS, 10), "too-much-memory"),
        (Ended(-signal.SIGKILL, 10), "worker-lost"),
        (Ended(-signal.SIGKILL, 990), "worker-lost"),
        (Ended(-signal.SIGTERM, 10), "worker-lost"),
    ],
)
def test_verdicts(ended: Ended, code: str) -> None:
    assert Loss.of(ended, MEMORY).verdict.code == code


def test_only_processor_time_needs_no_second_try() -> None:
    """Whatever else happens, something that went before or somebody else may have been to blame."""
    certain = [Loss.of(Ended(-each, 10), MEMORY).is_certain for each in (signal.SIGXCPU, signal.SIGSEGV)]

    assert certain == [True, False]
    assert not Loss("still").is_certain


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        Rejected("corrupt", "It cannot be decoded: vips_tracked: out of memory --- size == 120MB"),
        Rejected("corrupt", "It cannot be decoded: VipsJpeg: Insufficient memory (case 4)"),
        Rejected("truncated", "libheif: Memory allocation error"),
    ],
)
def test_decoders_that_get_no_memory_are_understood(error: Exception) -> None:
    assert is_shortage(error)


@pytest.mark.parametrize(
    "said",
    [
        "VipsJpeg: premature end of JPEG image",
        "Memory allocation error: Security limit exceeded: Image size 1600x64",
    ],
)
def test_what_a_decoder_refuses_is_no_shortage(said: str) -> None:
    assert not is_shortage(Rejected("corrupt", said))


def test_what_the_limits_admit_is_allowed_for_as_far_as_the_function_has_it() -> None:
    limits = Limits()

    free, bound, tight = (
        Allowance.under(each).memory for each in (limits, limits.within(1 << 29), limits.within(0))
    )

    assert free > limits.max_memory + limits.max_bytes
    assert bound == (1 << 29) + limits.max_bytes
    assert 0 < tight < bound
