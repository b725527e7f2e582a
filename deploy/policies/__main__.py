"""Pixmill's rules, for your stack as well: pulumi up --policy-pack policies."""

from buckets import BUCKETS
from pulumi_policy import EnforcementLevel, PolicyPack
from rights import RIGHTS
from work import WORK

PolicyPack(
    "pixmill",
    policies=[*BUCKETS, *RIGHTS, *WORK],
    enforcement_level=EnforcementLevel.MANDATORY,
)
