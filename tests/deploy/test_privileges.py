"""Least privilege is minimal: privileges.py, and that it would find what is too much."""

import json
from collections.abc import Generator
from dataclasses import replace

import pytest
from tests.cloud.engine import Engine
from tests.pipeline.cloud import Cloud

from .grants import Policy
from .privileges import Pipelines, Row, table
from .site import Site


@pytest.fixture(scope="module")
def pipelines(cloud: Cloud, engine: Engine) -> Generator[Pipelines]:
    deployed = Pipelines.up(cloud, engine)
    yield deployed
    deployed.stack.destroy()


@pytest.fixture(scope="module")
def rows(pipelines: Pipelines) -> list[Row]:
    return list(pipelines.rows())


@pytest.fixture
def own(pipelines: Pipelines) -> Site:
    return pipelines.sites[0]


def test_no_right_can_be_taken_away_unnoticed(rows: list[Row]) -> None:
    assert [row.cells for row in rows if row.fault] == []


def test_what_the_worker_does_uses_all_that_can_be_seen(rows: list[Row]) -> None:
    seen = {row.grant.action for row in rows if row.used}

    assert seen == {
        *("s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"),
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    }


def test_every_policy_is_in_the_table(rows: list[Row], pipelines: Pipelines) -> None:
    text = table(rows)

    for site in pipelines.sites:
        for policy in Policy.of(pipelines.stack, site.name):
            for grant in policy.grants:
                assert f"{policy.kind} {policy.name}" in text
                assert grant.action in text


def test_nothing_is_granted_in_another_way(pipelines: Pipelines, cloud: Cloud) -> None:
    iam, functions = cloud.client("iam"), cloud.client("lambda")
    told = {
        "policy",
        "assumeRolePolicy",
        "managedPolicyArns",
        "inlinePolicies",
        "permissions",
        "acl",
        "grants",
    }
    granting = {each.type for each in pipelines.stack.resources() if told & each.inputs.keys()}

    assert granting == {
        policy.resource.type for site in pipelines.sites for policy in _policies(pipelines, site)
    }
    for site in pipelines.sites:
        assert len(iam.list_role_policies(RoleName=site.role)["PolicyNames"]) == 1
        assert iam.list_attached_role_policies(RoleName=site.role)["AttachedPolicies"] == []
        assert json.loads(functions.get_policy(FunctionName=site.function)["Policy"])["Statement"] == []


@pytest.mark.parametrize(
    ("action", "fault"),
    [("s3:PutObjectTagging", "can be taken away unnoticed"), ("iam:PassRole", "can be taken away unnoticed")],
)
def test_a_right_too_many_would_be_found(pipelines: Pipelines, own: Site, action: str, fault: str) -> None:
    (policy,) = (each for each in _policies(pipelines, own) if each.kind == "role")
    keep = next(each for each in policy.grants if each.name == "KeepRenditions")

    row = pipelines.row(replace(keep, action=action), pipelines.trials(own), own)

    assert row.fault == fault


def test_a_right_that_is_never_used_would_be_found(rows: list[Row]) -> None:
    row = next(row for row in rows if row.used)

    assert (row.fault, replace(row, used=False).fault) == ("", "is never used")


def _policies(pipelines: Pipelines, site: Site) -> list[Policy]:
    return list(Policy.of(pipelines.stack, site.name))
