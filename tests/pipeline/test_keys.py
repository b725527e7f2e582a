"""Whatever an original is called, it gets its renditions, and they go with it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from tests.sync.pictures import photo

from pixmill.manifest import Manifest

from .bucket import Object
from .cloud import Cloud
from .pipeline import Pipeline
from .waiting import until

PLAIN = [
    "with spaces in it.jpg",
    "one+one.jpg",
    "100%.jpg",
    "already%20encoded%2B.jpg",
    "Löwenzahn/é.jpg",
    "decomposed e\u0301.jpg",
    "😀/👨‍👩‍👧.jpg",
    "a..b/..c/d...jpg",
    "a b&c=d?e#f.jpg",
    "'\"<>|\\^`{}[]~!*();:@$,.jpg",
    "no extension",
    ".hidden",
    "manifests/standard/x.jpg.json",
    "long/" + "x" * 1000 + ".jpg",
    "ö" * 500,
]

# S3 allows these, obstore refuses or changes them: the storage has a way of its own for them.
ODD = [
    "a//b.jpg",
    "a/./b.jpg",
    "a/../b.jpg",
    "/leading.jpg",
    "trailing/",
    "//",
    ".",
    "..",
    "tab\tand\nnewline.jpg",
    "\x01\x7f.jpg",
]


@dataclass(frozen=True)
class Lives:
    """What was seen of originals of all these keys.

    Attributes:
        etags: of the originals.
        manifests: what there were while the originals were there, by their keys.
        renditions: the same.
        left: what was in the destination when the originals had gone.
        story: what else is to be known if anything is missing.
    """

    etags: dict[str, str]
    manifests: dict[str, Manifest]
    renditions: dict[str, Object]
    left: dict[str, Object]
    story: str


@pytest.fixture(scope="module")
def lives(cloud: Cloud) -> Generator[Lives]:
    """All come together and go together: one that is not served must not hold up the others."""
    with Pipeline(cloud=cloud, timeout=10, visibility=10, reserve=8) as pipeline:
        # The test event of S3 comes first; it would be counted with the others.
        until(lambda: pipeline.function.invocations, 20, "the test event", pipeline.story)
        with gathered(pipeline):
            etags = {key: pipeline.upload(key, photo()) for key in PLAIN + ODD}
        manifests, renditions = pipeline.manifests(), pipeline.renditions()
        story = pipeline.story()
        with gathered(pipeline):
            for key in etags:
                pipeline.delete(key)
        yield Lives(etags, manifests, renditions, pipeline.destination.objects(), story)


@contextmanager
def gathered(pipeline: Pipeline) -> Generator[None]:
    """Let S3 tell of all keys before the first is dealt with, and then wait for the last."""
    with pipeline.paused():
        yield
        expected = len(PLAIN + ODD)
        until(lambda: pipeline.queue.depth.waiting == expected, 20, "all messages", pipeline.story)
    pipeline.drain(60)


@pytest.mark.parametrize("key", PLAIN + ODD, ids=ascii)
def test_a_key_of_any_text_is_served(lives: Lives, key: str) -> None:
    assert key in lives.manifests, lives.story
    manifest = lives.manifests[key]
    assert (manifest.status, manifest.source.etag) == ("complete", lives.etags[key])
    assert len(manifest.renditions) == 3
    assert [each.etag for each in manifest.renditions] == [
        lives.renditions[str(each.key)].etag for each in manifest.renditions
    ]


def test_no_two_keys_share_a_rendition(lives: Lives) -> None:
    assert len(lives.renditions) == 3 * len(PLAIN + ODD)


def test_nothing_is_left_of_originals_that_have_gone(lives: Lives) -> None:
    assert lives.left == {}
