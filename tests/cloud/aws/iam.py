"""IAM: roles and their policies."""

from tests.cloud.provider import Made
from tests.cloud.state import Resource
from tests.cloud.values import Values

from .calls import Calls
from .kinds import Kind, Name, kind
from .policies import text


@kind("aws:iam/role:Role", replaces={"name", "namePrefix", "path"}, name=Name(most=64))
class Role(Kind):
    apart = frozenset({"forceDetachPolicies", "assumeRolePolicy"})

    def create(self, aws: Calls, inputs: Values) -> Made:
        names = {"name": "RoleName"}
        trust = text(inputs["assumeRolePolicy"])
        made = aws.send("iam", "CreateRole", self.request(inputs), names, AssumeRolePolicyDocument=trust)[
            "Role"
        ]
        return Made(
            inputs["name"],
            {"arn": made["Arn"], "uniqueId": made["RoleId"], "createDate": str(made["CreateDate"])},
        )

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:
        trust = text(inputs["assumeRolePolicy"])
        aws.call("iam", "UpdateAssumeRolePolicy", RoleName=old.id, PolicyDocument=trust)
        length = inputs.get("maxSessionDuration", 3600)
        about = inputs.get("description", "")
        aws.call("iam", "UpdateRole", RoleName=old.id, Description=about, MaxSessionDuration=length)
        boundary = inputs.get("permissionsBoundary")
        if boundary:
            aws.call("iam", "PutRolePermissionsBoundary", RoleName=old.id, PermissionsBoundary=boundary)
        elif old.inputs.get("permissionsBoundary"):
            aws.call("iam", "DeleteRolePermissionsBoundary", RoleName=old.id)
        former, tags = old.inputs.get("tags", {}), inputs.get("tags", {})
        if gone := sorted(former.keys() - tags.keys()):
            aws.call("iam", "UntagRole", RoleName=old.id, TagKeys=gone)
        if tags:
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            aws.call("iam", "TagRole", RoleName=old.id, Tags=pairs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        aws.call("iam", "DeleteRole", RoleName=old.id)

    def read(self, aws: Calls, identity: str) -> Values:
        found = aws.call("iam", "GetRole", RoleName=identity)["Role"]
        return {"name": identity, "arn": found["Arn"], "uniqueId": found["RoleId"]}


@kind("aws:iam/rolePolicy:RolePolicy", replaces={"name", "namePrefix", "role"}, name=Name(most=128))
class RolePolicy(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        self._put(aws, inputs)
        return Made(f"{inputs['role']}:{inputs['name']}", {})

    def update(self, aws: Calls, old: Resource, inputs: Values) -> Values:  # noqa: ARG002 - as declared
        self._put(aws, inputs)
        return {}

    def delete(self, aws: Calls, old: Resource) -> None:
        role, name = old.id.split(":")
        aws.call("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)

    def _put(self, aws: Calls, inputs: Values) -> None:
        document = text(inputs["policy"])
        name = {"RoleName": inputs["role"], "PolicyName": inputs["name"]}
        aws.call("iam", "PutRolePolicy", PolicyDocument=document, **name)


@kind("aws:iam/rolePolicyAttachment:RolePolicyAttachment", replaces={"*"})
class RolePolicyAttachment(Kind):
    def create(self, aws: Calls, inputs: Values) -> Made:
        aws.call("iam", "AttachRolePolicy", RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return Made(f"{inputs['role']}/{inputs['policyArn']}", {})

    def delete(self, aws: Calls, old: Resource) -> None:
        attached = {"RoleName": old.inputs["role"], "PolicyArn": old.inputs["policyArn"]}
        aws.call("iam", "DetachRolePolicy", **attached)
