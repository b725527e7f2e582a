"""What a role may do, as the emulator's own policy simulator judges."""

from tests.cloud.aws.calls import Calls


def lacks(aws: Calls, role: str, action: str, resource: str) -> bool:
    """Whether a role, named by its ARN, may not do something to something."""
    asked = {"PolicySourceArn": role, "ActionNames": [action], "ResourceArns": [resource]}
    found = aws.call("iam", "SimulatePrincipalPolicy", **asked)["EvaluationResults"]
    return any(each["EvalDecision"] != "allowed" for each in found)
