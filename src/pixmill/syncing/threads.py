"""Jobs on threads of this process, for stores that no other process can open."""

from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from pixmill.syncing.work import Bench, Job, Result


def run(jobs: Iterable[Job], bench: Bench, workers: int) -> Generator[Result]:
    """Do all jobs; results come as they are ready.

    libvips releases the interpreter's lock while it works, so threads do use all cores; a decoder that
    crashes takes the process along, which is why `processes` is preferred.
    """
    waiting = iter(jobs)
    with ThreadPoolExecutor(workers, thread_name_prefix="pixmill") as pool:
        running: set[Future[Result]] = {pool.submit(bench.do, job) for job in islice(waiting, 2 * workers)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(bench.do, job) for job in islice(waiting, len(done))}
            for future in done:
                yield future.result()
