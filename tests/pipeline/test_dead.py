"""What the worker does not understand or may not do: it comes again, and ends in the dead-letter queue."""

import json

from tests.sync.pictures import photo

from .conftest import Deploy

QUICK = {"timeout": 4, "visibility": 4, "reserve": 3}


def test_messages_that_nobody_knows_die_alone(deploy: Deploy) -> None:
    pipeline = deploy(receives=2, **QUICK)
    elsewhere = pipeline.notice("a.jpg", bucket="elsewhere")
    unknown = ["no JSON", json.dumps({"hello": "world"}), json.dumps(elsewhere)]

    with pipeline.paused():
        pipeline.upload("good.jpg", photo())
        pipeline.send(*unknown)

    assert sorted(pipeline.wait_for_dead(3)) == sorted(unknown)
    pipeline.settle()
    assert pipeline.manifest("good.jpg").status == "complete"


def test_what_the_role_may_not_do_dies_and_can_be_done_later(deploy: Deploy) -> None:
    pipeline = deploy(receives=1, **QUICK)
    rest = {name: each for name, each in pipeline.rights.items() if name != "write renditions"}
    pipeline.function.permit(rest)
    pipeline.upload("a.jpg", photo())

    dead = pipeline.wait_for_dead(1)

    assert pipeline.faults() == ["'a.jpg' has no manifest"]
    pipeline.function.permit(pipeline.rights)
    pipeline.send(*dead)
    pipeline.settle()
