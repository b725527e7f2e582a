"""Rights as AWS asks for them, where ministack alone does not.

- An event source mapping reads and deletes messages as its function's role. Without the right to read it
  delivers nothing; without that to delete, everything comes again.
- Who may not list a bucket is not told that an object is missing: it is forbidden, 403 instead of 404.
- A `*` in a policy stands for any characters, line breaks in a key among them.
- What comes over loopback counts as encrypted on its way, or a policy that asks for TLS would let nobody in.
  A request whose header `X-Forwarded-Proto` says "http" does not count.

Which rights a role has used is told in the log, each once: `used: ROLE ACTION RESOURCE`.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack import app  # pyright: ignore[reportMissingImports]
from ministack.core import iam_evaluator, responses  # pyright: ignore[reportMissingImports]
from ministack.services import lambda_svc, s3, sqs  # pyright: ignore[reportMissingImports]

_Answer = tuple[int, dict[str, str], bytes]

_MISSING = 404
_PLAIN = (b"x-forwarded-proto", b"http")


def ask_for_queues() -> None:
    """Have mappings ask before they read and delete messages."""
    read, delete = sqs._receive_messages_for_esm, sqs._delete_messages_for_esm

    def ask_and_read(queue: str, count: int) -> list[dict[str, Any]]:
        arn, role = _mapped(queue)
        may = _allows(role, "sqs:ReceiveMessage", arn) and _allows(role, "sqs:GetQueueAttributes", arn)
        return read(queue, count) if may else []

    def ask_and_delete(queue: str, receipts: set[str]) -> None:
        arn, role = _mapped(queue)
        if _allows(role, "sqs:DeleteMessage", arn):
            delete(queue, receipts)

    sqs._receive_messages_for_esm = ask_and_read
    sqs._delete_messages_for_esm = ask_and_delete


def ask_for_misses() -> None:
    """Have S3 say 404 only to those who may list the bucket."""
    s3._get_object = _discreet(s3._get_object)
    s3._head_object = _discreet(s3._head_object)


def let_stars_match_everything() -> None:
    """Have a star in a policy match line breaks."""
    translated = iam_evaluator._fnmatch_compile

    def whole(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001 - as ministack calls it
        found = translated(pattern, ignore_case)
        return re.compile(found.pattern, found.flags | re.DOTALL)

    iam_evaluator._fnmatch_compile = whole


def take_loopback_for_tls() -> None:
    """Have requests count as encrypted on their way, but for those that say that they are not."""
    pin, serve = app.pin_request_origin, app.app
    plain = ContextVar("plain", default=False)

    async def look_and_serve(scope: dict[str, Any], *rest: object) -> None:
        plain.set(_PLAIN in scope.get("headers", ()))
        await serve(scope, *rest)

    def pin_as_seen(address: str, _: object) -> None:
        pin(address, not plain.get())

    app.app, app.pin_request_origin = look_and_serve, pin_as_seen
    # What the emulator does by itself, such as delivering messages, has no request.
    iam_evaluator._request_origin = ContextVar("origin", default=("127.0.0.1", True))


def tell_what_is_used() -> None:
    """Have the log tell each right that a role has used."""
    judge, told = iam_evaluator.evaluate, set[str]()

    def judge_and_tell(question: Any, *policies: object) -> Any:  # noqa: ANN401 - ministack's
        answer = judge(question, *policies)
        _, _, role = question.principal_arn.partition("role/")
        line = f"used: {role.partition('/')[0]} {question.action} {question.resource_arn.partition('/')[0]}"
        if role and answer.decision == "Allow" and line not in told:
            told.add(line)
            print(line, flush=True)  # noqa: T201 - this is the log
        return answer

    iam_evaluator.evaluate = judge_and_tell


def _discreet(look: Callable[..., _Answer]) -> Callable[..., _Answer]:
    def look_and_ask(bucket: str, key: str, *rest: object, **options: object) -> _Answer:
        answer = look(bucket, key, *rest, **options)
        caller = iam_evaluator.caller_arn()
        if answer[0] != _MISSING or ":assumed-role/" not in caller:
            return answer
        role = iam_evaluator._role_name_from_assumed_arn(caller)
        if _allows(role, "s3:ListBucket", f"arn:aws:s3:::{bucket}"):
            return answer
        return s3._error("AccessDenied", "Access Denied", 403, f"/{bucket}/{key}")

    return look_and_ask


def _mapped(queue: str) -> tuple[str, str]:
    """A queue's ARN, and the name of the role of the function that it is mapped to."""
    arn = sqs._queues[queue]["attributes"]["QueueArn"]
    mappings = [mapping for *_, mapping in lambda_svc._iter_all_esms()]
    names = [mapping["FunctionName"] for mapping in mappings if mapping["EventSourceArn"] == arn]
    return arn, lambda_svc._functions[names[0]]["config"]["Role"].rpartition("/")[2]


def _allows(role: str, action: str, arn: str) -> bool:
    account = responses.get_account_id()
    question = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:iam::{account}:role/{role}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=arn,
        region=responses.get_region(),
    )
    policies = iam_evaluator._gather_role_policies(role, account)
    return iam_evaluator.evaluate(question, policies).decision == "Allow"
