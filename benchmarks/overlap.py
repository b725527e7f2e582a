"""How well the worker hides the network: a batch of ten 12-megapixel JPEGs with and without latency.

    .venv/bin/python benchmarks/overlap.py [--rounds 9] [--latency 50] [--recipe FILE] [--json]

The bundle as it is deployed, on Lambda's runtime, held to one core, between the buckets of an S3 server on
loopback: once on the same core, so that all of it is on one, and once on the others, where the server's own
work takes no time of the worker's. Equal batches take turns; in every other one each answer of the server
takes so many milliseconds longer. Wall time of warm invocations; the ratio is the median over the rounds,
each compared within itself.
"""

import argparse
import json
import logging
import os
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from photos import make_cases
from tests.aws.world import batch, failed, notice
from tests.bundle.built import HOST, runnable
from tests.lambda_runtime.emulated import Function
from werkzeug.serving import make_server

from pixmill.infra.bundle import build
from pixmill.recipe import Recipe
from pixmill.settings import FRUGAL, Settings

PHOTOS = Path(__file__).parents[1] / "build" / "bench" / "photos"
BATCH = 10


class Server:
    """An S3 server whose answers can be made to take longer."""

    def __init__(self) -> None:
        self.delay = 0.0
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", 0, self._delayed, threaded=True, request_handler=MotoRequestHandler
        )
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def _delayed(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(self.delay)
        return self._app(environ, start_response)

    @contextmanager
    def running(self) -> Generator[Any]:
        """A client of it."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        client = boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)
        try:
            yield client
        finally:
            client.close()
            self._server.shutdown()
            thread.join()


def hold_to(cores: set[int]) -> None:
    """Let this process, all threads of it, run on these cores alone."""
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


def environment(server: Server, recipe: Recipe) -> dict[str, str]:
    def url(bucket: str) -> str:
        return f"s3://{bucket}?endpoint={server.endpoint}&region=us-east-1"

    settings = Settings(source=url("uploads"), destination=url("renditions"), recipe=recipe)
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return {**settings.to_env(), **FRUGAL, **keys}


def invoke(function: Function, server: Server, client: Any, photos: list[bytes], name: str) -> float:  # noqa: ANN401 - likewise
    """Upload a batch, then the seconds that the worker takes for it."""
    keys = [f"{name}/{number}.jpg" for number in range(BATCH)]
    delay, server.delay = server.delay, 0.0
    for number, key in enumerate(keys):
        client.put_object(Bucket="uploads", Key=key, Body=photos[number % len(photos)])
    server.delay = delay
    event = batch(*map(notice, keys))
    begun = time.perf_counter()
    answer = function.invoke(event).value
    spent = time.perf_counter() - begun
    if "batchItemFailures" not in answer or failed(answer):
        raise SystemExit(f"not all of the batch was done: {answer}\n{function.log}")
    return spent


def measure(  # noqa: PLR0913 - what is measured, and how
    function: Function,
    server: Server,
    client: Any,  # noqa: ANN401 - boto3's are made at run time
    latency: float,
    *,
    rounds: int,
    name: str,
) -> list[tuple[float, float]]:
    case = next(case for case in make_cases(PHOTOS, "12 MP JPEG") if case.name == "12 MP JPEG")
    photos = [path.read_bytes() for path in case.photos]
    pairs: list[tuple[float, float]] = []
    invoke(function, server, client, photos, f"{name}-warm")
    for turn in range(rounds):
        spent: dict[float, float] = {}
        for delay in (0.0, latency) if turn % 2 else (latency, 0.0):
            server.delay = delay
            spent[delay] = invoke(function, server, client, photos, f"{name}-{turn}-{delay}")
        pairs.append((spent[0.0], spent[latency]))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9, help="how many pairs of batches (default: 9)")
    parser.add_argument("--latency", type=float, default=50, metavar="MS", help="milliseconds (default: 50)")
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="instead of the default recipe")
    parser.add_argument("--json", action="store_true", help="for a program")
    options = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    if not runnable():
        raise SystemExit("this system cannot run a bundle for Lambda")
    target, here = runnable()[0]
    recipe = Recipe.load(options.recipe) if options.recipe else Recipe.default()
    server = Server()
    with TemporaryDirectory() as folder, server.running() as client:
        client.create_bucket(Bucket="uploads")
        client.create_bucket(Bucket="renditions")
        task = Path(folder) / "task"
        with zipfile.ZipFile(build(Path(folder) / "bundle.zip", target).path) as archive:
            archive.extractall(task)
        function = Function(
            task=task,
            handler="pixmill.aws.worker.handler",
            architecture=HOST,
            here=here,
            timeout=120,
            environment=environment(server, recipe),
        )
        cores = os.sched_getaffinity(0)
        own = {max(cores)}
        found: dict[str, dict[str, float]] = {}
        with function:
            function.hold_to(own)
            for name, others in (("all", own), ("worker", cores - own or own)):
                hold_to(others)
                pairs = measure(
                    function, server, client, options.latency / 1000, rounds=options.rounds, name=name
                )
                found[name] = {
                    "without_s": median(a for a, _ in pairs),
                    "with_s": median(b for _, b in pairs),
                    "ratio": median(b / a for a, b in pairs),
                }
    if options.json:
        print(json.dumps({"latency_ms": options.latency, **found}))
        return
    print(
        f"{BATCH} 12-megapixel JPEGs, {options.rounds} rounds, {options.latency:.0f} ms on every call or none"
    )
    for name, said in (("all", "all of it on one core"), ("worker", "the worker alone on its core")):
        one = found[name]
        print(f"{said:<30} {one['without_s']:.3f} s  {one['with_s']:.3f} s  ratio {one['ratio']:.2f}")


if __name__ == "__main__":
    main()
