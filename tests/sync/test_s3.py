"""A sync between buckets, on an S3 server: the same as between folders."""

from tests.storage.bucket import Bucket
from tests.sync.pictures import photo

from pixmill.recipe import Recipe
from pixmill.syncing import sync

SMALL = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16, "formats": ["jpeg", "webp"]}]})


def test_bucket_to_bucket(bucket: Bucket) -> None:
    source, destination = bucket.url("uploads"), bucket.url("renditions")
    for number in range(3):
        bucket.client.put_object(
            Bucket=bucket.name, Key=f"uploads/a b+c%20#{number}.jpg", Body=photo(seed=number)
        )
    bucket.client.put_object(Bucket=bucket.name, Key="uploads/broken.png", Body=photo(kind="PNG")[:80])

    first = sync(source, destination, SMALL)
    second = sync(source, destination, SMALL)
    bucket.client.delete_object(Bucket=bucket.name, Key="uploads/a b+c%20#1.jpg")
    third = sync(source, destination, SMALL)

    assert (first.made, dict(first.rejected), first.renditions) == (3, {"truncated": 1}, 6)
    assert (second.current, second.made) == (4, 0)
    assert (third.current, third.removed) == (3, 1)
    assert first.failures == second.failures == third.failures == []
    listed = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix="renditions/thumbnail/")
    assert {each["Key"] for each in listed["Contents"]} == {
        f"renditions/thumbnail/a b+c%20#{number}.jpg.{extension}"
        for number in (0, 2)
        for extension in ("jpg", "webp")
    }


def test_what_is_written_says_what_it_is_and_where_it_came_from(bucket: Bucket) -> None:
    put = bucket.client.put_object(Bucket=bucket.name, Key="uploads/a.jpg", Body=photo())
    sync(bucket.url("uploads"), bucket.url("renditions"), SMALL)

    head = bucket.client.head_object(Bucket=bucket.name, Key="renditions/thumbnail/a.jpg.webp")

    assert head["ContentType"] == "image/webp"
    assert head["CacheControl"] == "public, max-age=300, stale-while-revalidate=86400"
    assert head["Metadata"] == {
        "pixmill-source-etag": put["ETag"].strip('"'),
        "pixmill-recipe": SMALL.fingerprint,
    }
