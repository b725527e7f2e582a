"""The two places: a bucket that is made as it should be, or one that exists and is left as it is."""

import json
from typing import TYPE_CHECKING, Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, InvokeOutputOptions, Output, ResourceOptions

from pixmill.infra import policies
from pixmill.infra.refusal import DeploymentError
from pixmill.infra.rules import overlap
from pixmill.recipe.problems import Problem, shown

if TYPE_CHECKING:
    from pixmill.infra.blueprint import Blueprint, Site
    from pixmill.infra.surroundings import Surroundings

Role = Literal["source", "destination"]

_ABORT_AFTER_DAYS = 7
# A page uploads with a URL that was signed for PUT, or a form for POST, and wants to know the entity tag.
_METHODS = {"source": ["PUT", "POST"], "destination": ["GET", "HEAD"]}
_PREFLIGHT_SECONDS = 3600


class Storage(pulumi.ComponentResource):
    """One of the two places.

    Attributes:
        bucket: the bucket's name.
        arn: the bucket's ARN.
        prefix: the folder in it; empty or ending in a slash.
        is_ours: whether the bucket was made here, and may be set up.
    """

    def __init__(
        self,
        role: Role,
        blueprint: "Blueprint",
        here: "Output[Surroundings]",
        opts: ResourceOptions,
        *,
        source: "Storage | None" = None,
    ) -> None:
        """Make it or find it.

        Args:
            role: which of the two it is.
            blueprint: what is deployed.
            here: where it is deployed.
            opts: the component's options.
            source: for the destination: the place that it must not trigger.

        Raises:
            DeploymentError: when it is known: the bucket is elsewhere, or triggers the source.
        """
        super().__init__("pixmill:index:Storage", f"{blueprint.name}-{role}", None, opts)
        site: Site = getattr(blueprint, role)
        self.prefix = site.prefix
        self.is_ours = site.existing_bucket is None
        if site.existing_bucket is None:
            made = self._make(role, site, blueprint)
            self.bucket, self.arn = made.bucket, made.arn
        else:
            found = self._find(role, site.existing_bucket, here)
            self.bucket = found if source is None else _apart(source.bucket, found, blueprint)
            self.arn = Output.all(here, self.bucket).apply(lambda both: both[0].bucket_arn(both[1]))
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})

    def place(self, arn: str) -> policies.Place:
        """The place, once its bucket's ARN is known."""
        return policies.Place(arn, self.prefix)

    def _find(self, role: Role, name: Input[str], here: "Output[Surroundings]") -> Output[str]:
        """The name of a bucket that exists, once it is known to be in this region.

        Its events reach EventBridge in the bucket's region alone: "Using EventBridge" in the S3 User Guide.
        """
        found = aws.s3.get_bucket_output(bucket=name, opts=InvokeOutputOptions(parent=self))

        def check(told: "tuple[str, str, Surroundings]") -> str:
            bucket, region, surroundings = told
            if region and region != surroundings.region:
                path, expected = f"{role}.existing_bucket", f"a bucket in {surroundings.region}"
                hint = "deploy the pipeline in the bucket's region"
                raise DeploymentError([Problem(path, expected, f"{shown(bucket)}, in {region}", hint)])
            return bucket

        return Output.all(found.bucket, found.bucket_region, here).apply(
            lambda told: check((told[0], told[1], told[2]))
        )

    def _make(self, role: Role, site: "Site", blueprint: "Blueprint") -> aws.s3.Bucket:
        name = f"{blueprint.name}-{role}"
        # What protects the objects stays as long as they do.
        opts = ResourceOptions(parent=self, retain_on_delete=site.retain)
        bucket = aws.s3.Bucket(name, force_destroy=site.force_destroy, tags=blueprint.tags, opts=opts)
        # Access lists off: "Controlling ownership of objects and disabling ACLs" in the S3 User Guide.
        aws.s3.BucketOwnershipControls(
            name, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=opts
        )
        blocked = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=opts,
        )
        versioning = aws.s3.BucketVersioning(
            name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=opts
        )
        self._encrypt(name, bucket, blueprint.kms_key_arn, opts)
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "abort-incomplete-uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": _ABORT_AFTER_DAYS},
                },
                {
                    "id": "expire-old-versions",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrent_version_expiration": {"noncurrent_days": site.keep_old_versions_days},
                    # Without it the mark of each deleted object would stay, and slow listings down.
                    "expiration": {"expired_object_delete_marker": True},
                },
            ],
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[versioning])),
        )
        # After the block: S3 refuses two changes of a bucket's access at a time.
        aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=bucket.arn.apply(lambda arn: json.dumps(policies.bucket_policy(arn))),
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[blocked])),
        )
        if site.cors_origins:
            aws.s3.BucketCorsConfiguration(
                name,
                bucket=bucket.bucket,
                cors_rules=[
                    {
                        "allowed_methods": _METHODS[role],
                        "allowed_origins": list(site.cors_origins),
                        "allowed_headers": ["*"],
                        "expose_headers": ["ETag"],
                        "max_age_seconds": _PREFLIGHT_SECONDS,
                    }
                ],
                opts=opts,
            )
        return bucket

    def _encrypt(
        self, name: str, bucket: aws.s3.Bucket, key: Input[str] | None, opts: ResourceOptions
    ) -> None:
        """With S3's own keys; or with a key of the user's, of which S3 then makes one for the bucket.

        Otherwise every object would cost a call of KMS: "Reducing the cost of SSE-KMS with Amazon S3 Bucket
        Keys" in the S3 User Guide.
        """
        if key is None:
            aws.s3.BucketServerSideEncryptionConfiguration(
                name,
                bucket=bucket.bucket,
                rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
                opts=opts,
            )
            return
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key,
                    },
                    "bucket_key_enabled": True,
                }
            ],
            opts=opts,
        )


def _apart(source: Output[str], destination: Output[str], blueprint: "Blueprint") -> Output[str]:
    """The destination's name, if it does not trigger the source; so nothing else can be made of it."""

    def check(buckets: list[str]) -> str:
        problems = list(overlap(buckets[0], buckets[1], blueprint))
        if problems:
            raise DeploymentError(problems)
        return buckets[1]

    return Output.all(source, destination).apply(check)
