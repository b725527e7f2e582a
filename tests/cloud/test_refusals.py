"""What AWS refuses and the emulator takes is refused: each case beside the same inputs that are well.

Here are those that inputs alone tell of; test_refusals_of_state.py has the others.
"""

from typing import Any

import pytest

from .aws.kinds import KINDS
from .aws.provider import Aws
from .cases import buckets, compute, messages
from .cases.case import Case
from .engine import Engine
from .provider import Refused
from .values import UNKNOWN
from .well import ALARM, FUNCTION, LOGS, MAPPING, NOTIFICATION, WELL, notice

CASES = buckets.CASES | messages.CASES | compute.CASES


@pytest.fixture(scope="module")
def aws() -> Aws:
    """Nobody answers there, and nobody is asked."""
    return Aws("http://127.0.0.1:1", "eu-central-1")


@pytest.mark.parametrize("kind", sorted(WELL))
def test_what_is_well_is_taken(aws: Aws, kind: str) -> None:
    aws.check(kind, "name", WELL[kind], None)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_not_well_is_refused(aws: Aws, case: Case) -> None:
    with pytest.raises(Refused, match=case.said):
        aws.check(case.kind, "name", WELL[case.kind] | case.changed, None)


@pytest.mark.parametrize("kind", sorted(WELL))
def test_what_is_not_known_yet_is_not_judged(aws: Aws, kind: str) -> None:
    aws.check(kind, "name", dict.fromkeys(WELL[kind], UNKNOWN), None)


def test_a_zip_that_is_too_large_is_refused(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in (
        ("_ZIPPED", "must be smaller than 70167211 bytes"),
        ("_UNZIPPED", "Unzipped size must"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"tests.cloud.aws.refusals.functions.{name}", 10)
            with pytest.raises(Refused, match=said):
                aws.check(FUNCTION, "name", WELL[FUNCTION], None)


CALLS = {
    "an enumeration": (ALARM, {"comparisonOperator": "Bigger"}, "Member must satisfy enum value set"),
    "a pattern": (LOGS, {"name": "my logs"}, "Member must satisfy regular expression pattern"),
    "a length": (LOGS, {"name": "x" * 513}, "Member must have length less than or equal to 512"),
    "a size": (MAPPING, {"scalingConfig": {"maximumConcurrency": 1}}, "greater than or equal to 2"),
    "a name of a variable": (
        FUNCTION,
        {"environment": {"variables": {"1A": ""}}, "timeout": 3},
        "Member must satisfy regular expression pattern",
    ),
    "a status": (
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": "b", "versioningConfiguration": {"status": "On"}},
        "Member must satisfy enum value set",
    ),
    "an event": (
        NOTIFICATION,
        {"queues": [notice(events=["s3:ObjectCreate:*"])]},
        "Member must satisfy enum value set",
    ),
}


@pytest.mark.parametrize(("kind", "changed", "said"), CALLS.values(), ids=CALLS)
def test_requests_are_held_to_the_models_of_botocore(
    engine: Engine, kind: str, changed: dict[str, Any], said: str
) -> None:
    assert isinstance(engine.provider, Aws)
    aws = engine.provider._in("eu-central-1")
    inputs = engine.provider.check(kind, "name", WELL.get(kind, {}) | changed, None).inputs

    with pytest.raises(Refused, match=said):
        KINDS[kind].create(aws, inputs)
