"""Many uploads at a time: all are ready in the end, and what says so can say otherwise."""

from tests.sync.pictures import photo

from .conftest import Deploy
from .uploads import Campaign


def test_all_of_many_uploads_are_ready_in_the_end(deploy: Deploy) -> None:
    campaign = Campaign.through(deploy(), 30)

    assert campaign.faults == ()
    assert (campaign.complete, campaign.renditions, len(campaign.ready)) == (30, 90, 30)
    assert campaign.workers == 2
    assert "30 complete manifests" in str(campaign)


def test_what_is_lost_spoilt_or_left_over_is_told(deploy: Deploy) -> None:
    pipeline = deploy()
    for number in range(4):
        pipeline.upload(f"{number}.jpg", photo(seed=number))
    pipeline.settle()
    assert pipeline.faults() == []

    pipeline.destination.delete("thumbnail/0.jpg.jpg")
    pipeline.destination.delete("manifests/1.jpg.json")
    pipeline.destination.put("standard/2.jpg.webp", b"spoilt")
    with pipeline.paused():
        pipeline.upload("3.jpg", photo(seed=9))
        told = pipeline.faults()

    assert told == [
        "'1.jpg' has no manifest",
        "'3.jpg' is not what its manifest is about",
        "'standard/1.jpg.jpg' is named by no manifest",
        "'standard/1.jpg.webp' is named by no manifest",
        "'standard/2.jpg.webp' is not what the manifest of '2.jpg' names",
        "'thumbnail/0.jpg.jpg' is not what the manifest of '0.jpg' names",
        "'thumbnail/1.jpg.jpg' is named by no manifest",
    ]
