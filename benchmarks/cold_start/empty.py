"""Nothing but the interpreter and the runtime client."""

import time

CPU = time.process_time()


def handler(_event: object, _context: object) -> dict[str, float]:
    return {"cpu": CPU}
