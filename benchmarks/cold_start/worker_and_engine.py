"""The same, and what the engine's own process loads meanwhile, while the first original is fetched."""

import time

import worker

from pixmill import engine

engine.load()
READY = worker.READY
CPU = time.process_time()


def handler(_event: object, _context: object) -> dict[str, float]:
    return {"cpu": CPU}
