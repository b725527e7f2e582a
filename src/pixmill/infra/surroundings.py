"""Where a pipeline is deployed: account, partition and region, as the provider that it inherits says."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOutputOptions, Output, Resource

from pixmill.infra.refusal import DeploymentError
from pixmill.recipe.problems import Problem, did_you_mean, shown

_REGIONS = frozenset(region.value for region in aws.Region)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a pipeline is deployed.

    Attributes:
        account: its twelve digits.
        partition: "aws", "aws-cn", "aws-us-gov" or one that is to come; ARNs begin with it.
        region: such as "eu-west-1".
    """

    account: str
    partition: str
    region: str

    def bucket_arn(self, name: str) -> str:
        """The ARN of a bucket here."""
        return f"arn:{self.partition}:s3:::{name}"


def surroundings(parent: Resource) -> Output[Surroundings]:
    """Ask the provider that a resource has.

    Raises:
        DeploymentError: AWS has no such region; at once if it is configured, else when the provider tells it.
    """
    if configured := pulumi.Config("aws").get("region"):
        check_region(configured)
    opts = InvokeOutputOptions(parent=parent)
    asked = Output.all(
        aws.get_caller_identity_output(opts=opts).account_id,
        aws.get_partition_output(opts=opts).partition,
        aws.get_region_output(opts=opts).region,
    )
    return asked.apply(lambda told: Surroundings(told[0], told[1], check_region(told[2])))


def check_region(region: str) -> str:
    """A region, if AWS has it.

    Raises:
        DeploymentError: it has not, as far as this release of pulumi-aws knows.
    """
    if region in _REGIONS:
        return region
    hint = did_you_mean(region, _REGIONS, '"') or "if it is a new one, update pulumi-aws"
    raise DeploymentError([Problem("aws:region", "a region of AWS", shown(region), hint)])
