"""deploy/ as it is, from its preview to its end."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from tests.cloud.inventory import inventory
from tests.pipeline.cloud import Cloud
from tests.pipeline.waiting import until

from .conftest import DEPLOY, Deploy
from .site import BUCKET, Site

PHOTOS = DEPLOY.parent / "examples" / "photos"
FUNCTION_NAME = "update aws:lambda/function:Function images-worker"


def photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def test_a_preview_makes_nothing(deploy: Deploy, cloud: Cloud) -> None:
    """Although half of what it would make depends on what only making it will tell."""
    before = inventory(cloud)
    stack = deploy(DEPLOY, "preview")

    preview = stack.preview()

    assert len(preview.changes) > 30
    assert {op.value for op in preview.ops().values()} == {"create"}
    assert (inventory(cloud), stack.resources()) == (before, [])


def test_the_outputs_are_what_the_how_to_says(home: Site) -> None:
    outputs = home.stack.up().outputs

    assert outputs["upload"] == f"aws s3 cp photo.jpg s3://{home.source.name}/uploads/"
    assert outputs["results"] == f"aws s3 ls --recursive s3://{home.destination.name}/"
    assert outputs.keys() == {
        *("source_bucket", "destination_bucket", "upload", "results", "dead_letter_queue_arn")
    }


@pytest.mark.parametrize("name", ["Löwenzahn.jpg", "dogs at the window.jpg", "fig.png", "cat.gif"])
def test_every_upload_has_its_renditions_and_a_manifest(home: Site, name: str) -> None:
    manifest = home.manifest(name, home.upload(name, photo(name)))

    wanted = {
        f"{rendition}/{name}.{kind}" for rendition in ("standard", "thumbnail") for kind in ("jpg", "webp")
    }
    assert manifest.status == "complete"
    assert {each.key for each in manifest.renditions} == wanted
    assert home.made(name) == wanted | {f"manifests/{name}.json"}
    thumbnail = Image.open(io.BytesIO(home.destination.read(f"thumbnail/{name}.webp")))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (150, 150))


def test_a_broken_upload_is_told_of_and_troubles_nobody(home: Site) -> None:
    name = "broken-upload.jpg"

    manifest = home.manifest(name, home.upload(name, photo(name)))

    assert manifest.status == "rejected"
    assert manifest.reason
    assert home.made(name) == {f"manifests/{name}.json"}
    until(lambda: home.queue.is_empty, 20, "an empty queue", home.story)
    assert home.dead.is_empty


def test_whoever_listens_hears_what_is_done_and_undone(home: Site) -> None:
    listener = home.listener()

    home.manifest("heard.jpg", home.upload("heard.jpg", photo("Löwenzahn.jpg")))
    home.hurry(5)
    home.delete("heard.jpg")
    home.wait_until_gone("heard.jpg")

    def heard() -> list[tuple[str, str]]:
        records = [each for body in listener.bodies() for each in json.loads(body).get("Records", ())]
        ours = [each for each in records if each["s3"]["object"]["key"] == "manifests/heard.jpg.json"]
        return sorted((each["eventName"].partition(":")[0], each["s3"]["bucket"]["name"]) for each in ours)

    created, removed = (f"Object{what}" for what in ("Created", "Removed"))
    bucket = home.destination.name
    until(lambda: heard() == [(created, bucket), (removed, bucket)], 20, "two messages", home.story)
    home.wait_until_settled()


def test_a_second_time_all_is_the_same(home: Site) -> None:
    home.stack.up()

    assert home.stack.preview().changes == home.stack.up().changes == []


def test_memory_is_changed_in_place(home: Site) -> None:
    home.stack.config["memoryMb"] = 3008

    assert home.stack.up().changes == [f"{FUNCTION_NAME} [memorySize]"]
    assert home.configuration()["MemorySize"] == 3008


def test_a_changed_recipe_is_followed_from_then_on(home: Site, tmp_path: Path) -> None:
    recipe = tmp_path / "other.toml"
    recipe.write_text('[[rendition]]\nname = "tiny"\nwidth = 20\nformats = ["png"]\n', "utf-8")
    home.stack.config["recipe"] = str(recipe)

    assert home.stack.up().changes == [f"{FUNCTION_NAME} [environment]"]
    home.manifest("later.jpg", home.upload("later.jpg", photo("Löwenzahn.jpg")))

    assert home.made("later.jpg") == {"tiny/later.jpg.png", "manifests/later.jpg.json"}
    del home.stack.config["recipe"]
    home.stack.up()


def test_nothing_is_left_when_it_goes(deploy: Deploy, cloud: Cloud) -> None:
    """Nor a log group of Lambda's own making: the function has one of ours, and may not make another."""
    before = inventory(cloud)
    stack = deploy(DEPLOY, "gone")
    stack.up()
    site = Site(cloud, stack, "images")
    site.manifest("photo.jpg", site.upload("photo.jpg", photo("Löwenzahn.jpg")))

    # As the how-to says, and as text, which is how the command line gives it.
    stack.config["keepBuckets"] = "false"
    stack.up()
    stack.destroy()

    assert stack.resources() == []
    assert inventory(cloud) == before
    assert not cloud.processes(site.function)


def test_the_buckets_are_left_with_all_that_is_in_them(deploy: Deploy, cloud: Cloud) -> None:
    before = inventory(cloud)
    stack = deploy(DEPLOY, "kept")
    stack.up()
    site = Site(cloud, stack, "images")
    site.upload("photo.jpg", photo("Löwenzahn.jpg"))
    buckets = {each.outputs["bucket"] for each in stack.resources() if each.type == BUCKET}

    stack.destroy()

    assert inventory(cloud) - before == {f"s3:{name}" for name in buckets}
    assert "uploads/photo.jpg" in site.source.objects()
    s3 = cloud.client("s3")
    for name in buckets:
        # What protects the objects has stayed as well.
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        assert "SecureTransport" in s3.get_bucket_policy(Bucket=name)["Policy"]
        assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
