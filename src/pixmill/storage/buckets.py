"""The URLs of buckets, and how obstore is set up for each kind.

Everything up to a `?` is taken as it stands, as the AWS command line does, since keys may well hold `%` and
`#`. Then come options, as in any URL.
"""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, MemoryStore, S3Store

from pixmill.errors import Refused
from pixmill.storage.complaints import Complaints
from pixmill.storage.objects import UNSPEAKABLE, ObjectStore
from pixmill.storage.patience import Patience
from pixmill.storage.s3 import AnyKeyStore

if TYPE_CHECKING:
    from obstore.store import AzureConfig, ClientConfig, GCSConfig, RetryConfig, S3Config
    from obstore.store import ObjectStore as Bucket

    from pixmill.storage.exact import ExactStore
    from pixmill.storage.store import Store

SCHEMES: Mapping[str, tuple[str, ...]] = {
    "s3": ("endpoint", "region", "kms"),
    "gs": ("endpoint",),
    "az": ("account", "endpoint"),
    "memory": (),
}
"""The options that the URLs of each kind may have."""

_AWS_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_AWS_HINT = (
    "Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from the role "
    'of the machine. If the aws command has them: eval "$(aws configure export-credentials --format env)".'
)
# obstore does not raise on what it cannot put into a request: it panics.
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]+")
# These two are compiled where they are given.
_ENDPOINT = r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?"
_KMS_KEY = (
    "(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    "|alias/[A-Za-z0-9/_-]+|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/[a-z0-9-]+|alias/[A-Za-z0-9/_-]+))"
)


def open_bucket(scheme: str, rest: str, patience: Patience) -> "Store":
    """Open a bucket, or a folder in one.

    Args:
        scheme: one of `SCHEMES`.
        rest: what follows the `://`.
        patience: the bounds of each call.

    Raises:
        Refused: "invalid-location".
    """
    text = f"{scheme}://{rest}"
    if scheme == "memory":
        if rest:
            raise invalid(text, "memory:// takes nothing more.")
        return ObjectStore(MemoryStore(), Complaints(text))
    place, _, query = rest.partition("?")
    name, _, prefix = place.partition("/")
    prefix = prefix.removesuffix("/")
    if not _NAME.fullmatch(name):
        raise invalid(text, f"Name a bucket: {scheme}://bucket/folder.")
    if prefix and UNSPEAKABLE.search(prefix):
        raise invalid(text, "The folder may have no empty, '.' or '..' part and no control characters.")
    options = _options(text, query, scheme)
    try:
        bucket = _OPENERS[scheme](name, prefix or None, options, patience)
    except (BaseError, ValueError) as error:
        raise invalid(text, str(error).partition("\n")[0]) from error
    place = f"{scheme}://{name}/{prefix}".removesuffix("/")
    # No option that got this far holds anything that would have to be escaped.
    asked = "&".join(f"{option}={value}" for option, value in options.items())
    location = f"{place}?{asked}" if asked else place
    if scheme != "s3":
        return ObjectStore(bucket, Complaints(place), location, patience)
    complaints = Complaints(place, _AWS_HINT, explicit=True)

    def explicit() -> "ExactStore":
        # Late: it brings TLS, XML and random numbers, for keys that most buckets do not hold.
        from pixmill.storage.amazon import Address  # noqa: PLC0415
        from pixmill.storage.exact import ExactStore  # noqa: PLC0415

        return ExactStore(Address(name, prefix and f"{prefix}/", **options), complaints, patience)

    return AnyKeyStore(ObjectStore(bucket, complaints, location, patience), explicit)


def invalid(text: str, hint: str | None = None) -> Refused:
    """The error for a place that cannot be opened as it is spelt."""
    return Refused(
        "invalid-location", f"{text!r} is neither a folder nor a URL that Pixmill knows.", hint=hint
    )


def parsed(query: str) -> dict[str, str]:
    """The options in what follows a URL's `?`."""
    if not query:
        return {}
    # Late: it is not needed where nothing is said, as in most functions on Lambda.
    from urllib.parse import parse_qsl  # noqa: PLC0415

    return dict(parse_qsl(query, keep_blank_values=True))


def _options(text: str, query: str, scheme: str) -> dict[str, str]:
    allowed = SCHEMES[scheme]
    options = parsed(query)
    for name, value in options.items():
        if name not in allowed or not (name in ("endpoint", "kms") or _NAME.fullmatch(value)):
            *others, last = (f"{each}=..." for each in allowed)
            named = f"{', '.join(others)} and {last}" if others else last
            raise invalid(text, f"After the ? there may be {named}.")
    found = next((os.environ[name] for name in _AWS_ENDPOINTS if os.environ.get(name)), None)
    if scheme == "s3" and found:
        # Spelt out, so that the location means the same in another environment.
        options.setdefault("endpoint", found)
    if "endpoint" in options:
        options["endpoint"] = _endpoint(text, options["endpoint"])
    if "kms" in options and not re.fullmatch(_KMS_KEY, options["kms"]):
        raise invalid(
            text, f"The key {options['kms']!r} should be a KMS key's id, its alias as alias/NAME, or its ARN."
        )
    return options


def _endpoint(text: str, url: str) -> str:
    match = re.fullmatch(_ENDPOINT, url)
    if not match or int(match[1] or 1) not in range(1, 65536):
        raise invalid(text, f"The endpoint {url!r} should be a URL such as http://127.0.0.1:9000.")
    return url.rstrip("/")


def _client(options: Mapping[str, str], patience: Patience) -> "ClientConfig":
    return {
        "connect_timeout": timedelta(seconds=patience.connect),
        "read_timeout": timedelta(seconds=patience.silence),
        "timeout": timedelta(seconds=patience.attempt),
        # Without encryption only where the user spelt it out.
        "allow_http": options.get("endpoint", "").startswith("http://"),
    }


def _retry(patience: Patience) -> "RetryConfig":
    # With jitter, by itself. Whoever calls knows better than this layer when to try after that.
    return {
        "max_retries": patience.tries - 1,
        "retry_timeout": timedelta(seconds=patience.begin),
        "backoff": {
            "init_backoff": timedelta(seconds=patience.first_pause),
            "max_backoff": timedelta(seconds=patience.pause),
            "base": 2,
        },
    }


def _open_s3(name: str, prefix: str | None, options: Mapping[str, str], patience: Patience) -> "Bucket":
    # One request deletes one object, which every server that speaks S3 understands.
    config: S3Config = {"disable_bulk_delete": True}
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    if "region" in options:
        config["region"] = options["region"]
    if "kms" in options:
        config["server_side_encryption"] = "aws:kms"
        config["sse_kms_key_id"] = options["kms"]
        config["sse_bucket_key_enabled"] = True  # or every object costs a call of KMS
    client, retry = _client(options, patience), _retry(patience)
    return S3Store(name, prefix=prefix, config=config, client_options=client, retry_config=retry)


def _open_gs(name: str, prefix: str | None, options: Mapping[str, str], patience: Patience) -> "Bucket":
    config: GCSConfig = {"base_url": options["endpoint"]} if "endpoint" in options else {}
    client, retry = _client(options, patience), _retry(patience)
    return GCSStore(name, prefix=prefix, config=config, client_options=client, retry_config=retry)


def _open_az(name: str, prefix: str | None, options: Mapping[str, str], patience: Patience) -> "Bucket":
    config: AzureConfig = {}
    if "account" in options:
        config["account_name"] = options["account"]
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    client, retry = _client(options, patience), _retry(patience)
    return AzureStore(name, prefix=prefix, config=config, client_options=client, retry_config=retry)


_OPENERS = {"s3": _open_s3, "gs": _open_gs, "az": _open_az}
