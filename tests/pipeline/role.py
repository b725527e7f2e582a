"""The worker's rights: the statements of its execution role, each by the name of what it is for."""

from typing import Any

Statement = dict[str, Any]


def rights(source: str, destination: str, queue: str) -> dict[str, Statement]:
    """One statement for each thing that a worker does.

    Args:
        source: name of the bucket of originals.
        destination: name of the bucket of renditions.
        queue: ARN of the queue.
    """
    originals, renditions = f"arn:aws:s3:::{source}", f"arn:aws:s3:::{destination}"
    return {
        "read originals": _allow("s3:GetObject", f"{originals}/*"),
        "read renditions": _allow("s3:GetObject", f"{renditions}/*"),
        "write renditions": _allow("s3:PutObject", f"{renditions}/*"),
        "delete renditions": _allow("s3:DeleteObject", f"{renditions}/*"),
        # Without these, S3 says of an object that is not there that it is forbidden.
        "miss originals": _allow("s3:ListBucket", originals),
        "miss renditions": _allow("s3:ListBucket", renditions),
        "receive messages": _allow("sqs:ReceiveMessage", queue),
        "delete messages": _allow("sqs:DeleteMessage", queue),
        "look at the queue": _allow("sqs:GetQueueAttributes", queue),
    }


def policy(*statements: Statement) -> Statement:
    """The document of some statements."""
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(action: str, resource: str) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


TRUST = policy(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
)
"""Who may take the role: Lambda."""


def delivery(queue: str, bucket: str, account: str) -> Statement:
    """The queue's own policy: S3 may send to it, for one bucket of one account."""
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {
                "ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"},
                "StringEquals": {"aws:SourceAccount": account},
            },
        }
    )
