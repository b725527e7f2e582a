"""Policy documents: read, and asked what they allow.

    grants(document, service="s3.amazonaws.com", action="sqs:SendMessage", resource=arn, context={...})

Only what resource policies for AWS's own services are made of: principals, actions and resources with
wildcards, and the conditions that compare text, ARNs and truth values.
"""

import fnmatch
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.cloud.provider import Refused

Document = Mapping[str, Any]


def text(policy: Any) -> str:  # noqa: ANN401 - a document, or its text
    """A policy as text; Pulumi takes either."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def document(policy: Any, code: str) -> Document:  # noqa: ANN401 - a document, or its text
    """A policy as a document.

    Args:
        policy: either, too.
        code: AWS's own for a policy that is none.

    Raises:
        Refused: it is no JSON object.
    """
    try:
        found = json.loads(policy) if isinstance(policy, str) else policy
    except json.JSONDecodeError as error:
        raise Refused(f"{code}: the policy is not valid JSON: {error}") from error
    if not isinstance(found, dict):
        raise Refused(f"{code}: the policy is not a JSON object")
    return found


def statements(found: Document) -> list[Document]:
    """All statements of a document."""
    return _listed(found.get("Statement"))


def values(statement: Document, key: str) -> list[Any]:
    """What a statement says of something, as a list."""
    return _listed(statement.get(key))


def services(statement: Document) -> list[str]:
    """The services that a statement is about."""
    principal = statement.get("Principal")
    return (
        ["*"]
        if principal == "*"
        else _listed(principal.get("Service"))
        if isinstance(principal, dict)
        else []
    )


def grants(found: Document, *, service: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether a service may do something, for this document alone.

    Args:
        found: the document.
        service: the principal.
        action: what it would do.
        resource: the ARN of what to.
        context: condition keys, in lower case.
    """
    concerning = [
        each["Effect"]
        for each in statements(found)
        if _is_for(services(each), service)
        and _matches_any(values(each, "Action"), action.lower(), str.lower)
        and _matches_any(values(each, "Resource"), resource)
        and _holds(each.get("Condition", {}), context)
    ]
    return "Allow" in concerning and "Deny" not in concerning


def _is_for(principals: list[str], service: str) -> bool:
    return "*" in principals or service in principals


def _matches_any(patterns: list[str], value: str, fold: Callable[[str], str] = str) -> bool:
    return any(_matches(fold(each), value) for each in patterns)


def _matches(pattern: str, value: str) -> bool:
    # Brackets mean nothing to AWS.
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _compares(operator, context.get(key.lower()), _listed(wanted))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _compares(operator: str, value: str | None, wanted: list[Any]) -> bool:
    if operator.endswith("IfExists"):
        return value is None or _compares(operator.removesuffix("IfExists"), value, wanted)
    if operator.startswith(("StringNot", "ArnNot")):
        return value is None or not _compares(operator.replace("Not", "", 1), value, wanted)
    if value is None:
        return False
    if operator in ("StringEquals", "Bool"):
        return value in [str(each).lower() if isinstance(each, bool) else each for each in wanted]
    if operator == "StringEqualsIgnoreCase":
        return value.lower() in [each.lower() for each in wanted]
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        return any(_matches(each, value) for each in wanted)
    raise Refused(f"conditions with {operator} are not known here")


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - as JSON has them
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def arns(found: Document) -> Iterator[str]:
    """Every resource that a document names."""
    for each in statements(found):
        yield from values(each, "Resource")
        yield from values(each, "NotResource")
