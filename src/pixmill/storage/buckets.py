"""The URLs of buckets, and how obstore is set up for each kind.

Everything up to a `?` is taken as it stands, as the AWS command line does, since keys may well hold `%` and
`#`. Then come options, as in any URL.
"""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, MemoryStore, S3Store

from pixmill.errors import Refused
from pixmill.storage.objects import UNSPEAKABLE, ObjectStore

if TYPE_CHECKING:
    from obstore.store import AzureConfig, ClientConfig, GCSConfig, RetryConfig, S3Config
    from obstore.store import ObjectStore as Bucket

SCHEMES: Mapping[str, tuple[str, ...]] = {
    "s3": ("endpoint", "region"),
    "gs": ("endpoint",),
    "az": ("account", "endpoint"),
    "memory": (),
}
"""The options that the URLs of each kind may have."""

# With jitter, by itself. Whoever calls knows better than this layer when to try after that.
_RETRY: "RetryConfig" = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5), "base": 2},
}
_TIMEOUTS: "ClientConfig" = {
    "connect_timeout": timedelta(seconds=5),
    "read_timeout": timedelta(seconds=30),
    "timeout": timedelta(minutes=5),
}
_AWS_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_AWS_HINT = (
    "Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from the role "
    'of the machine. If the aws command has them: eval "$(aws configure export-credentials --format env)".'
)
# obstore does not raise on what it cannot put into a request: it panics.
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]+")
_ENDPOINT = re.compile(
    r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?"
)


def open_bucket(scheme: str, rest: str) -> ObjectStore:
    """Open a bucket, or a folder in one.

    Args:
        scheme: one of `SCHEMES`.
        rest: what follows the `://`.

    Raises:
        Refused: "invalid-location".
    """
    text = f"{scheme}://{rest}"
    if scheme == "memory":
        if rest:
            raise invalid(text, "memory:// takes nothing more.")
        return ObjectStore(MemoryStore(), place=text)
    place, _, query = rest.partition("?")
    name, _, prefix = place.partition("/")
    prefix = prefix.removesuffix("/")
    if not _NAME.fullmatch(name):
        raise invalid(text, f"Name a bucket: {scheme}://bucket/folder.")
    if prefix and UNSPEAKABLE.search(prefix):
        raise invalid(text, "The folder may have no empty, '.' or '..' part and no control characters.")
    options = _options(text, query, scheme)
    try:
        bucket = _OPENERS[scheme](name, prefix or None, options)
    except (BaseError, ValueError) as error:
        raise invalid(text, str(error).partition("\n")[0]) from error
    place = f"{scheme}://{name}/{prefix}".removesuffix("/")
    location = f"{place}?{urlencode(options, safe=':/[]')}" if options else place
    return ObjectStore(bucket, place=place, location=location, hint=_AWS_HINT if scheme == "s3" else None)


def invalid(text: str, hint: str | None = None) -> Refused:
    """The error for a place that cannot be opened as it is spelt."""
    return Refused(
        "invalid-location", f"{text!r} is neither a folder nor a URL that Pixmill knows.", hint=hint
    )


def _options(text: str, query: str, scheme: str) -> dict[str, str]:
    allowed = SCHEMES[scheme]
    options = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    for name, value in options.items():
        if name not in allowed or not (name == "endpoint" or _NAME.fullmatch(value)):
            raise invalid(
                text, f"After the ? there may be {' and '.join(f'{each}=...' for each in allowed)}."
            )
    found = next((os.environ[name] for name in _AWS_ENDPOINTS if os.environ.get(name)), None)
    if scheme == "s3" and found:
        # Spelt out, so that the location means the same in another environment.
        options.setdefault("endpoint", found)
    if "endpoint" in options:
        options["endpoint"] = _endpoint(text, options["endpoint"])
    return options


def _endpoint(text: str, url: str) -> str:
    match = _ENDPOINT.fullmatch(url)
    if not match or int(match[1] or 1) not in range(1, 65536):
        raise invalid(text, f"The endpoint {url!r} should be a URL such as http://127.0.0.1:9000.")
    return url.rstrip("/")


def _client(options: Mapping[str, str]) -> "ClientConfig":
    # Without encryption only where the user spelt it out.
    return {**_TIMEOUTS, "allow_http": options.get("endpoint", "").startswith("http://")}


def _open_s3(name: str, prefix: str | None, options: Mapping[str, str]) -> "Bucket":
    # One request deletes one object, which every server that speaks S3 understands.
    config: S3Config = {"disable_bulk_delete": True}
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    if "region" in options:
        config["region"] = options["region"]
    client = _client(options)
    return S3Store(name, prefix=prefix, config=config, client_options=client, retry_config=_RETRY)


def _open_gs(name: str, prefix: str | None, options: Mapping[str, str]) -> "Bucket":
    config: GCSConfig = {"base_url": options["endpoint"]} if "endpoint" in options else {}
    client = _client(options)
    return GCSStore(name, prefix=prefix, config=config, client_options=client, retry_config=_RETRY)


def _open_az(name: str, prefix: str | None, options: Mapping[str, str]) -> "Bucket":
    config: AzureConfig = {}
    if "account" in options:
        config["account_name"] = options["account"]
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    client = _client(options)
    return AzureStore(name, prefix=prefix, config=config, client_options=client, retry_config=_RETRY)


_OPENERS = {"s3": _open_s3, "gs": _open_gs, "az": _open_az}
