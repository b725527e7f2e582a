"""A worker that is killed in the midst of its batch."""

from tests.sync.pictures import photo

from .conftest import Deploy
from .waiting import until

COUNT = 10


def test_what_a_killed_worker_left_is_done_by_the_next(deploy: Deploy) -> None:
    pipeline = deploy(batch=COUNT, timeout=4, visibility=4, reserve=3, receives=5)
    slow = photo(2000, 1500, kind="PNG")
    with pipeline.paused():
        for number in range(COUNT):
            pipeline.upload(f"{number}.png", slow)

    until(pipeline.renditions, 20, "the first rendition", pipeline.story)
    killed = pipeline.function.kill()

    assert killed > 0
    assert pipeline.faults() != []
    pipeline.settle()
    assert len(pipeline.manifests()) == COUNT
    assert pipeline.dead.is_empty
