"""What Pixmill does before its first original: its imports, and what the first invocation sets up."""

import time

import pixmill.aws.worker
from pixmill.recipe import Recipe
from pixmill.settings import Settings
from pixmill.storage import open_store

SETTINGS = Settings(source="s3://originals", destination="s3://renditions", recipe=Recipe.default())
READY = pixmill.aws.worker.Worker(SETTINGS, open_store(SETTINGS.source), open_store(SETTINGS.destination))
CPU = time.process_time()


def handler(_event: object, _context: object) -> dict[str, float]:
    return {"cpu": CPU}
