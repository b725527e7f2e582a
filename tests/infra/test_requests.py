"""Everything that is registered is what AWS's own models accept."""

from typing import Any

import pytest
from tests.infra.deployed import Resource, deploy
from tests.infra.requests import complaints, requests

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4444-8888-0123456789ab"

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "everything": {
        "recipe": {"rendition": [{"name": "a", "width": 10}]},
        "source": {
            "prefix": "in",
            "retain": False,
            "force_destroy": True,
            "cors_origins": ["https://a.example"],
        },
        "destination": {
            "prefix": "out",
            "keep_old_versions_days": 1,
            "cors_origins": ["http://localhost:3000", "https://*.example"],
        },
        "memory_mb": 10240,
        "timeout_seconds": 900,
        "architecture": "x86_64",
        "python": "3.14",
        "batch_size": 100,
        "batch_window_seconds": 300,
        "maximum_concurrency": 1000,
        "visibility_timeout_seconds": 43_200,
        "max_receive_count": 1000,
        "log_retention_days": 3653,
        "log_level": "DEBUG",
        "tracing": False,
        "kms_key_arn": KEY,
        "alarm_email": "ops@example.com",
        "permissions_boundary_arn": "arn:aws:iam::123456789012:policy/teams/boundary",
        "tags": {"team": "web & mobile".replace("&", "+"), "cost-centre": ""},
    },
    "existing buckets": {
        "source": {"existing_bucket": "originals"},
        "destination": {"existing_bucket": "renditions", "prefix": "photos"},
        "kms_key_arn": KEY,
        "alarm_topic_arn": "arn:aws:sns:eu-west-1:123456789012:ops",
    },
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_aws_accepts_every_request(variant: str) -> None:
    found = {
        resource.urn: told
        for resource in deploy(VARIANTS[variant], name="p" * 40 if variant == "everything" else "photos").made
        for request in requests(resource)
        if (told := complaints(request))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("kind", "change", "word"),
    [
        ("aws:lambda/function:Function", {"memorySize": 64.0}, "below 128"),
        ("aws:lambda/function:Function", {"runtime": "python3.99"}, "is none of"),
        ("aws:lambda/function:Function", {"memory": 128.0}, "Unknown parameter"),
        ("aws:iam/role:Role", {"permissionsBoundary": "x"}, "below 20"),
        (
            "aws:s3/bucketVersioning:BucketVersioning",
            {"versioningConfiguration": {"status": "On"}},
            "is none of",
        ),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"comparisonOperator": "Above"}, "is none of"),
    ],
)
def test_the_models_would_complain(kind: str, change: dict[str, Any], word: str) -> None:
    """Or the test above would not say anything."""
    found = deploy().all(kind)[0]
    changed = Resource(
        found.kind, found.name, "", {**found.inputs, **change}, frozenset(), "", retained=False
    )

    assert any(word in line for request in requests(changed) for line in complaints(request))
