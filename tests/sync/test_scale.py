"""A source of many originals that are all current: listed in bounded memory, and no manifest is read."""

import json
import subprocess
import sys

ORIGINALS = 100_000

# In a process of its own: what counts is the memory of the whole process, SQLite's included.
PROGRAM = f"""
import json, resource, sys
from contextlib import nullcontext
from pixmill.recipe import Recipe
from pixmill.storage import Meta
from pixmill.syncing import sync
from pixmill.syncing.ledger import digest

ORIGINALS = {ORIGINALS}
RECIPE = Recipe.default()
PRINT = RECIPE.fingerprint
key = "albums/{{0:04}}/a picture with a name of usual length {{0:09}}.jpg".format


class Source:
    location = None

    def list(self, prefix=""):
        return (Meta(key(i), f"etag-of-32-characters-{{i:010}}", 1000) for i in range(ORIGINALS))


class Destination:
    location = None
    gets = []

    def claim(self):
        return nullcontext(())

    def get(self, key_):
        self.gets.append(key_)
        if key_ == ".pixmill/state.json":
            return Meta(key_, "s", 1), b'{{"renditions": ["standard", "thumbnail"]}}'
        if key_ == ".pixmill/verified":
            return Meta(key_, "v", 1), b"".join(map(seal, range(ORIGINALS)))
        raise AssertionError(key_)

    def list(self, prefix):
        for i in range(ORIGINALS):
            if prefix == "manifests/":
                yield Meta(f"manifests/{{key(i)}}.json", "m", 100)
            else:
                yield Meta(f"{{prefix}}{{key(i)}}.jpg", "o", 100)


def seal(i):
    objects = {{f"{{name}}/{{key(i)}}.jpg": "o" for name in ("standard", "thumbnail")}}
    return digest(PRINT, key(i), f"etag-of-32-characters-{{i:010}}", "m", objects)


before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
summary = sync(Source(), Destination(), RECIPE)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([summary.originals, summary.current, Destination.gets, grown, summary.seconds]))
"""


def test_many_current_originals_cost_listings_and_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=300
    )
    originals, current, gets, grown_kib, _ = json.loads(done.stdout)

    assert (originals, current) == (ORIGINALS, ORIGINALS)
    assert gets == [".pixmill/state.json", ".pixmill/verified"]
    # The rows themselves would be some 120 MB as Python objects; 16 bytes each are kept twice.
    assert grown_kib < 40_000
