"""What a pipeline is put to when a right is taken away. Each trial tells what is wrong, or "" if nothing is.

Some wrongs show only in that nothing happens. Those are waited for a little, and what is waited for does come
with the right: or something else would be wrong.
"""

import contextlib
import json
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from tests.cloud.steps import DeploymentError
from tests.pipeline.cloud import REGION, _session
from tests.pipeline.queues import Queue
from tests.pipeline.waiting import until
from tests.sync.pictures import photo

from .grants import Grant
from .site import Site

LONG, SHORT = 30.0, 1.5
"""Seconds to wait for what must come, and for what must not."""

_SOON = 8  # seconds for a message to come again: one of a removal does, and four times would be too long


class Trials:
    """The trials of one pipeline.

    Args:
        site: the pipeline.
        grown: the stack's configuration with a change of the function.
    """

    def __init__(self, site: Site, grown: Mapping[str, Any]) -> None:
        self._site, self._grown = site, grown
        self._cloud = site.cloud
        self._done = site.listener()
        alarms = site.stack.resource("aws:sns/topic:Topic", f"{site.name}-alarms").outputs["arn"]
        self._alarms = site.listener(alarms)
        self._visitor = cache(self._make_visitor())
        site.hurry(_SOON)
        self.mend()

    def mend(self) -> None:
        """Forget what came of a trial. With all rights again, an original is rendered.

        Raises:
            TimeoutError: it is not.
        """
        for queue in (self._site.queue, self._site.dead, self._done, self._alarms):
            queue.purge()
        self._there = self._new("there")
        self._site.manifest(self._there, self._site.upload(self._there, photo()))

    def work(self, patience: float = LONG, settling: float = LONG) -> str:
        """One original comes, one goes; which takes all that the worker may do.

        Args:
            patience: seconds for it to be done.
            settling: seconds for the messages to go then.
        """
        come, go = self._new("come"), self._there
        self._site.upload(come, photo())
        self._site.delete(go)

        def told() -> list[dict[str, Any]]:
            ours = [each for each in self._site.lines(come) if each["message"] in _OUTCOMES]
            theirs = [each for each in self._site.lines(go) if each["message"] in _OUTCOMES - {"made"}]
            return [*ours, *theirs] if ours and theirs else []

        try:
            lines = until(told, patience, "two outcomes", self._site.story)
        except TimeoutError:
            return "nobody works on what has changed"
        wrong = sorted({f"{each['message']}: {each['code']}" for each in lines if "code" in each})
        if wrong:
            return "; ".join(wrong)
        with contextlib.suppress(TimeoutError):
            until(lambda: self._site.queue.is_empty, settling, "an empty queue")
            self._there = come
            return ""
        return "messages stay, and come again"

    def tell(self, patience: float = LONG) -> str:
        """Somebody listens to what is done."""
        key = self._new("told")
        self._site.manifest(key, self._site.upload(key, photo()))
        return _heard(self._done, key, patience, "what is done is not told")

    def alarm(self, patience: float = LONG) -> str:
        """An alarm goes off."""
        client, name = self._cloud.client("cloudwatch"), f"{self._site.name}-errors"
        alarm = self._site.stack.resource("aws:cloudwatch/metricAlarm:MetricAlarm", name).id
        reason = self._new("reason")
        for state in ("OK", "ALARM"):
            client.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason=reason)
        return _heard(self._alarms, reason, patience, "nobody hears of alarms")

    def bury(self, patience: float = LONG) -> str:
        """EventBridge cannot deliver to the queue, and puts the event aside."""
        key = self._new("buried")
        self._site.upload(key, photo())
        return _heard(self._site.dead, key, patience, "an event that was not delivered is lost")

    def trust(self) -> str:
        """The function is deployed anew."""
        stack = self._site.stack
        usual = stack.config
        stack.config = {**usual, **self._grown}
        try:
            stack.up()
        except DeploymentError as error:
            return str(error).splitlines()[-1].rpartition("Exception: ")[2]
        finally:
            stack.config = usual
        stack.up()
        return ""

    def plain(self, grant: Grant) -> str:
        """Somebody with all rights comes without TLS."""
        try:
            self._come(grant)
        except ClientError as error:
            if error.response["Error"]["Code"] in _REFUSALS:
                return ""
            raise
        return "it answers without TLS"

    def _come(self, grant: Grant) -> None:
        match grant.policy.kind:
            case "queue":
                url = grant.policy.resource.inputs["queueUrl"]
                self._visitor("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            case "topic":
                self._visitor("sns").publish(TopicArn=grant.resource, Message="a trial")
            case _ if grant.resource.endswith("/*"):
                bucket = grant.policy.resource.inputs["bucket"]
                self._visitor("s3").put_object(Bucket=bucket, Key="a-trial", Body=b"")
            case _:
                self._visitor("s3").list_objects_v2(Bucket=grant.policy.resource.inputs["bucket"])

    def _new(self, what: str) -> str:
        # Of others of this name, other trials of this pipeline may have told something.
        return f"{what}-{secrets.token_hex(4)}.jpg"

    def _make_visitor(self) -> Callable[[str], Any]:
        """Clients of somebody who may do everything, and says that no TLS was on the way."""
        iam, name = self._cloud.client("iam"), f"visitor-{secrets.token_hex(4)}"
        iam.create_user(UserName=name)
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
        iam.put_user_policy(UserName=name, PolicyName="everything", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]

        def client(service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes as it goes
            made = _session().client(
                service,
                endpoint_url=self._cloud.endpoint,
                region_name=REGION,
                aws_access_key_id=key["AccessKeyId"],
                aws_secret_access_key=key["SecretAccessKey"],
                config=Config(proxies={}, s3={"addressing_style": "path"}),
            )
            made.meta.events.register("before-sign", _without_tls)
            return made

        return client


_OUTCOMES = {"made", "removed", "failed"}
_REFUSALS = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


def _heard(queue: Queue, word: str, patience: float, otherwise: str) -> str:
    with contextlib.suppress(TimeoutError):
        until(lambda: any(word in body for body in queue.bodies()), patience, word)
        return ""
    return otherwise


def _without_tls(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
    request.headers["X-Forwarded-Proto"] = "http"
