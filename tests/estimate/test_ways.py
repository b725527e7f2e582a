"""The arithmetic: against figures worked by hand, and laws that hold for any figures."""

from collections.abc import Callable
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.estimate.samples import made, rejected, sample

from pixmill.errors import Refused
from pixmill.estimate import Bill, Deployment, Prices, Sample, Work, price_first_sketch, price_pixmill

PRICES = Prices.load()
Way = Callable[[Sample, Deployment, Prices], Bill]
WAYS: tuple[Way, ...] = (price_pixmill, price_first_sketch)
DEPLOYMENTS = st.builds(
    Deployment,
    images=st.integers(1, 10**9),
    memory_mb=st.integers(128, 10_240),
    architecture=st.sampled_from(("arm64", "x86_64")),
    batch=st.integers(1, 100),
    speed=st.fractions(Fraction(1, 10), 10, max_denominator=100),
    latency_ms=st.fractions(0, 500, max_denominator=10),
    keep_months=st.fractions(0, 100, max_denominator=10),
    views=st.integers(0, 50),
)
SAMPLES = st.lists(
    st.one_of(
        st.builds(made, st.integers(1, 5000), st.integers(1, 12), st.integers(1, 10**6)),
        st.builds(rejected, st.integers(0, 100)),
    ),
    min_size=1,
    max_size=5,
).map(lambda pictures: sample(*pictures))


def dollars(bill: Bill) -> dict[str, float]:
    """Each line, to a hundredth of a cent."""
    return {item.name: round(float(item.dollars), 4) for item in (*bill.items, *bill.monthly)}


def quantities(bill: Bill) -> dict[str, Fraction]:
    return {item.name: item.quantity for item in bill.items}


def test_a_million_originals_by_hand() -> None:
    """Ten times 50 ms and three waits of 30 ms are 590 ms, a hundred thousand times, with 1769/1024 GB."""
    bill = price_pixmill(sample(made()), Deployment(), PRICES)

    assert dollars(bill) == {
        "Lambda compute": 1.3590,  # 101,924.8 GB-seconds
        "Lambda requests": 0.02,
        "S3 writes": 15.0,  # two renditions and a manifest
        "S3 reads": 1.2,  # original, manifest, and once more whether the original is there
        "SQS requests": 0.48,
        "SNS messages": 0.5,
        "Logs": 0.2375,  # 360 MB and 150 MB
        "X-Ray, at most": 0.5,
        "Storage": 1.3066,  # 61 kB each
        "SQS polling": 0.2592,
        "Alarms": 0.8,
        "Metrics, at most": 3.6,  # seven and five stages
    }
    assert round(float(bill.total), 2) == 20.60
    assert round(float(bill.monthly_total), 2) == 4.66
    assert bill.unmade == 0


def test_the_first_sketch_by_hand() -> None:
    """100 ms of CPU on 1024/1769 of a core are 172.75 ms; three waits of 30 ms make it 263 ms of 1 GB."""
    bill = price_first_sketch(sample(made()), Deployment(), PRICES)

    assert dollars(bill) == {
        "Lambda compute": 4.3833,  # 263,000 GB-seconds, of x86
        "Lambda requests": 0.2,
        "S3 writes": 10.0,
        "S3 reads": 0.4,
        "Logs": 0.6985,
        "Storage": 1.7136,
        "Alarms": 0.2,
    }


def test_what_is_rejected_is_priced_as_well() -> None:
    """Half of them rejected: two writes and three reads on average, and its codes are metrics."""
    bill = price_pixmill(sample(made(50), rejected(10)), Deployment(), PRICES)

    used = quantities(bill)
    assert (used["S3 writes"], used["S3 reads"]) == (2_000_000, 3_000_000)
    assert used["SNS messages"] == 1_000_000
    assert used["Lambda compute"] == Fraction(100_000 * 390 * 1769, 1000 * 1024)
    assert bill.unmade == 1
    assert next(item for item in bill.monthly if item.name.startswith("Metrics")).quantity == 14


def test_uploads_that_trickle_in_come_one_by_one() -> None:
    used = quantities(price_pixmill(sample(made()), Deployment(batch=1), PRICES))

    assert (used["Lambda requests"], used["SQS requests"]) == (1_000_000, 3_000_000)
    assert used["Lambda compute"] == Fraction(1_000_000 * 140 * 1769, 1000 * 1024)


def test_sqs_gives_ten_messages_at_most() -> None:
    used = quantities(price_pixmill(sample(made()), Deployment(batch=100), PRICES))

    assert (used["Lambda requests"], used["SQS requests"]) == (10_000, 1_200_000)


def test_more_originals_than_threads_wait_again() -> None:
    """A hundred times 50 ms, and for every ten of them three waits of 30 ms."""
    used = quantities(price_pixmill(sample(made()), Deployment(batch=100), PRICES))

    assert used["Lambda compute"] == Fraction(10_000 * 5900 * 1769, 1000 * 1024)


def test_below_a_whole_core_time_grows_as_memory_shrinks() -> None:
    half = Deployment(memory_mb=1769, latency_ms=Fraction(0))
    quarter = msgspec.structs.replace(half, memory_mb=1769 // 4)

    assert half.slowed(Fraction(100)) == 100
    assert quarter.slowed(Fraction(100)) == Fraction(100 * 1769, 1769 // 4)


def test_above_a_whole_core_memory_costs_and_gains_nothing() -> None:
    one, two = (
        quantities(price_pixmill(sample(made()), Deployment(memory_mb=memory), PRICES))["Lambda compute"]
        for memory in (1769, 2 * 1769)
    )

    assert two == 2 * one


def test_a_core_twice_as_fast_takes_half_the_time() -> None:
    assert Deployment(speed=Fraction(2)).slowed(Fraction(100)) == 50


def test_deliveries_are_of_one_rendition_of_those_that_are_made() -> None:
    """Of two originals one is rejected; its neighbour's two files have 30,000 bytes on average."""
    used = quantities(price_pixmill(sample(made(), rejected()), Deployment(views=4), PRICES))

    assert used["CloudFront requests"] == 2_000_000
    assert used["CloudFront transfer"] == Fraction(2_000_000 * 30_000, 1 << 30)


def test_nothing_that_is_made_is_delivered_where_nothing_is_made() -> None:
    used = quantities(price_pixmill(sample(rejected()), Deployment(views=4), PRICES))

    assert (used["CloudFront requests"], used["CloudFront transfer"]) == (0, 0)


def test_the_arithmetic_of_a_line_is_all_of_it() -> None:
    bill = price_pixmill(sample(made()), Deployment(), PRICES)

    said = {item.name: item.arithmetic for item in bill.items}
    assert said["S3 writes"] == "1,000,000 \u00d7 3 = 3,000,000 requests at 5.00 per 1,000,000 = 15.00"
    assert said["Lambda compute"].startswith(
        "100,000 \u00d7 590 ms (10 \u00d7 50 ms of CPU and 3 waits for S3 of 30 ms) \u00d7 1769/1024 GB = "
    )


def test_a_sample_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="holds no files"):
        Sample((), 0)


@pytest.mark.parametrize("way", WAYS)
@given(pictures=SAMPLES, deployment=DEPLOYMENTS)
def test_twice_the_images_cost_exactly_twice(way: Way, pictures: Sample, deployment: Deployment) -> None:
    twice = msgspec.structs.replace(deployment, images=2 * deployment.images)

    one, two = way(pictures, deployment, PRICES), way(pictures, twice, PRICES)

    assert two.total == 2 * one.total
    assert two.monthly_total == one.monthly_total


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", ["nanoseconds", "reads", "writes", "file_bytes", "record_bytes"])
@given(pictures=SAMPLES, deployment=DEPLOYMENTS, more=st.integers(1, 10**9))
def test_more_work_never_costs_less(
    way: Way, field: str, pictures: Sample, deployment: Deployment, more: int
) -> None:
    def worked(work: Work) -> Work:
        return msgspec.structs.replace(work, **{field: getattr(work, field) + more})

    busier = Sample(
        tuple(
            msgspec.structs.replace(each, pixmill=worked(each.pixmill), sketch=worked(each.sketch))
            for each in pictures.pictures
        ),
        pictures.found,
    )

    assert way(busier, deployment, PRICES).total >= way(pictures, deployment, PRICES).total


@given(pictures=SAMPLES, deployment=DEPLOYMENTS)
def test_a_faster_core_a_quicker_store_and_larger_batches_never_cost_more(
    pictures: Sample, deployment: Deployment
) -> None:
    usual = price_pixmill(pictures, deployment, PRICES).total

    for change in (
        {"speed": 2 * deployment.speed},
        {"latency_ms": deployment.latency_ms / 2},
        {"batch": 2 * deployment.batch},
    ):
        assert price_pixmill(pictures, msgspec.structs.replace(deployment, **change), PRICES).total <= usual
