"""A bucket on the test server, seen through boto3: a second opinion on what obstore did."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bucket:
    """The bucket, and how to reach it."""

    client: Any
    name: str
    endpoint: str

    def url(self, prefix: str = "") -> str:
        return f"s3://{self.name}/{prefix}?endpoint={self.endpoint}&region=us-east-1"

    def keys(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def put(self, key: str, body: bytes = b"") -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body)

    def head(self, key: str) -> dict[str, Any]:
        return self.client.head_object(Bucket=self.name, Key=key)
