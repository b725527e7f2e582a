"""What Pixmill does before its first event: the worker's own module, or what it is made of."""

import time
from importlib import import_module

try:
    import_module("pixmill.aws.worker")
except ModuleNotFoundError as error:
    if not (error.name or "").startswith("pixmill.aws"):
        raise
    from pixmill.recipe import Recipe
    from pixmill.reconcile import reconcile
    from pixmill.storage import open_store

    READY = (reconcile, Recipe.default(), open_store("s3://originals"), open_store("s3://renditions"))
CPU = time.process_time()


def handler(_event: object, _context: object) -> dict[str, float]:
    return {"cpu": CPU}
