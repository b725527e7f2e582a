"""Short campaigns: everything goes wrong for a while, and in the end nothing is lost and nothing is wrong."""

from tests.pipeline.cloud import Cloud

from .campaign import RATES, Campaign
from .deployed import Deployed
from .plain import Plain
from .plan import Plan
from .report import text
from .server import buckets

SEED = 20261123


def quiet(_: str) -> None:
    """Says nothing."""


def test_nothing_is_lost_or_wrong(s3_endpoint: str) -> None:
    with (
        buckets(s3_endpoint, "campaign-uploads", "campaign-renditions") as both,
        Plain(both, s3_endpoint, Plan(SEED, RATES), seed=SEED, timeout=6, patience=0.3) as line,
    ):
        report = Campaign(line, seed=SEED, originals=60, faults=300, lives=300).run(quiet)

    assert report.originals == 60
    assert report.injected.total() >= 300
    assert report.killed > 0
    assert report.clean, text(report)


def test_nor_is_anything_where_it_is_deployed(cloud: Cloud) -> None:
    with Deployed(cloud, Plan(SEED, RATES)) as line:
        report = Campaign(line, seed=SEED, originals=20, faults=100, lives=80).run(quiet)

    assert report.injected.total() >= 100
    assert report.killed > 0
    assert report.clean, text(report)
