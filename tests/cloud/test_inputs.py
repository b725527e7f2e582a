"""Inputs and configuration are held to what is declared of them, before anything is made."""

from pathlib import Path

import pytest

from .conftest import Deploy, Write
from .engine import Stack
from .project import ConfigurationError
from .steps import DeploymentError

WRONG = {
    "a nested name with a typing error": (
        'aws.lambda_.EventSourceMapping("m", function_name="f", scaling_config={"maximum_concurency": 5})',
        "scalingConfig.maximum_concurency: is not an argument",
    ),
    "a nested name in a list": (
        'aws.s3.BucketCorsConfiguration("c", bucket="b", cors_rules=[{"max_age": 3}])',
        r"corsRules\[0\].max_age: is not an argument",
    ),
    "something required that is missing": (
        'aws.s3.BucketLifecycleConfiguration("c", bucket="b", rules=[{"id": "one"}])',
        r"rules\[0\].status: is missing",
    ),
    "text for a number": ('aws.sqs.Queue("q", delay_seconds="many")', "delaySeconds: expected an integer"),
    "a number for text": (
        'aws.lambda_.Function("f", role="r", environment={"variables": {"A": 1}})',
        "environment.variables.A: expected a string, got 1",
    ),
    "one for many": (
        'aws.lambda_.Function("f", role="r", layers="one")',
        "layers: expected a list, got 'one'",
    ),
    "a name that would be too long": (
        'aws.iam.Role("r" * 60, assume_role_policy="{}")',
        "plus 7 random chars is longer than maximum length 64",
    ),
    "a type that is not known here": (
        'aws.sqs.Queue("q"); aws.ec2.Vpc("v")',
        "does not know aws:ec2/vpc:Vpc",
    ),
    "an option that is not done here": (
        'aws.sqs.Queue("q", opts=ResourceOptions(import_="http://q"))',
        "this engine does not do import",
    ),
}


@pytest.mark.parametrize(("program", "said"), WRONG.values(), ids=WRONG)
def test_wrong_inputs_are_refused_in_a_preview(stack: Stack, write: Write, program: str, said: str) -> None:
    write(program)

    with pytest.raises(DeploymentError, match=said):
        stack.preview()


def test_what_aws_refuses_is_told_with_the_name_of_the_resource(stack: Stack, write: Write) -> None:
    write('aws.cloudwatch.LogGroup("notes", retention_in_days=31)')

    with pytest.raises(DeploymentError, match="Value '31' at 'retentionInDays'") as failure:
        stack.preview()

    assert "notes" in failure.value.result.printed


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ('aws.s3.Bucket("b", acl="private")', "acl: belongs to a resource of its own"),
        (
            'aws.cloudwatch.EventTarget("t", rule="r", arn="a", appsync_target={})',
            "appsyncTarget: has no place in Target",
        ),
        ('aws.sns.Topic("t", archive_policy="{}")', "archivePolicy: has no place among the attributes"),
    ],
)
def test_an_input_that_is_not_known_here_is_not_dropped_in_silence(
    stack: Stack, write: Write, program: str, said: str
) -> None:
    write(program)

    with pytest.raises(DeploymentError, match=said):
        stack.up()


@pytest.fixture
def declared(folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text(
        """
name: declared
runtime: python
config:
  size: {type: integer, default: 3}
  colour: {type: string}
  aws:region: {value: eu-west-3}
"""
    )


@pytest.mark.usefixtures("declared")
def test_configuration_is_defaults_then_the_stack_file_then_what_is_given(
    folder: Path, write: Write, deploy: Deploy
) -> None:
    write(
        """
        pulumi.export("size", config.require_int("size"))
        pulumi.export("colour", config.require("colour"))
        pulumi.export("region", aws.get_region().region)
        pulumi.export("where", [pulumi.get_project(), pulumi.get_stack()])
        """
    )
    (folder / "Pulumi.blue.yaml").write_text("config:\n  colour: blue\n  declared:size: 4\n")

    assert deploy(folder, "blue").up().outputs == {
        "size": 4,
        "colour": "blue",
        "region": "eu-west-3",
        "where": ["declared", "blue"],
    }
    assert deploy(folder, "blue", size=5).up().outputs["size"] == 5


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "missing configuration value 'colour'"),
        ({"colour": "red", "size": "big"}, "configuration key 'size' must be of type 'integer'"),
    ],
)
def test_configuration_that_is_not_as_declared_is_refused(
    folder: Path, deploy: Deploy, config: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        deploy(folder, **config).preview()
