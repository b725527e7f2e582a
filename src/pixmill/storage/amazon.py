"""A client of botocore that sees of the machine what obstore sees, and nothing more.

Both must act as the same user on the same server, or an awkward key would be looked for elsewhere than its
neighbours. So credentials come from the environment, from a web identity, from the container or from the
machine, in this order, and no file of the AWS command line is read.

Lambda's runtime brings botocore along, elsewhere it comes with the extra `s3`. It is imported at the first
need: that takes as long as all the rest of the worker.
"""

import functools
import importlib
import os
import ssl
from typing import Any, NamedTuple, Protocol

from pixmill.storage.patience import Patience

_PROVIDERS = ("env", "assume-role-with-web-identity", "container-role", "iam-role")
_NO_FILE = (None, None, os.devnull, None)
# Each with its name in a file, in the environment, its default and a conversion.
_VARIABLES = {
    "profile": (None, None, None, None),
    "config_file": _NO_FILE,
    "credentials_file": _NO_FILE,
    "ec2_metadata_service_endpoint": (None, "AWS_METADATA_ENDPOINT", None, None),
}


class Address(NamedTuple):
    """A folder of a bucket, and how it is reached and written.

    Attributes:
        bucket: its name.
        folder: what all its keys begin with: empty, or ending in a slash.
        endpoint: the server; AWS if left out.
        region: the region; as the environment has it if left out.
        kms: the key of AWS KMS to encrypt with; as the bucket has it if left out.
    """

    bucket: str
    folder: str = ""
    endpoint: str | None = None
    region: str | None = None
    kms: str | None = None


class Client(Protocol):
    """What is used of botocore's client. It may be shared by threads."""

    meta: Any

    def head_object(self, **arguments: object) -> dict[str, Any]: ...  # noqa: D102 - botocore's own
    def get_object(self, **arguments: object) -> dict[str, Any]: ...  # noqa: D102 - botocore's own
    def put_object(self, **arguments: object) -> dict[str, Any]: ...  # noqa: D102 - botocore's own
    def delete_object(self, **arguments: object) -> dict[str, Any]: ...  # noqa: D102 - botocore's own
    def list_objects_v2(self, **arguments: object) -> dict[str, Any]: ...  # noqa: D102 - botocore's own


def is_here() -> bool:
    """Whether botocore can be imported."""
    try:
        importlib.import_module("botocore.session")
    except ImportError:
        return False
    return True


def connect(address: Address, patience: Patience) -> Client:
    """Make a client. Nothing is sent over the network yet.

    Raises:
        ImportError: botocore is not here.
    """
    session = importlib.import_module("botocore.session")
    opened: Any = session.Session(session_vars=_VARIABLES)
    opened.register_component("data_loader", _loader())
    resolver: Any = opened.get_component("credential_provider")
    resolver.providers[:] = [each for each in resolver.providers if each.METHOD in _PROVIDERS]
    return opened.create_client(
        "s3",
        endpoint_url=address.endpoint,
        config=_config(address, patience),
        verify=os.environ.get("AWS_CA_BUNDLE") or ssl.get_default_verify_paths().cafile,
    )


@functools.cache
def _loader() -> object:
    """What reads botocore's description of S3: for the source, and not again for the destination."""
    return importlib.import_module("botocore.loaders").create_loader()


def _config(address: Address, patience: Patience) -> object:
    more: dict[str, object] = {}
    if os.environ.get("AWS_SKIP_SIGNATURE", "").lower() in ("1", "true", "on", "yes", "y"):
        more["signature_version"] = importlib.import_module("botocore").UNSIGNED
    if address.endpoint and address.endpoint.startswith("http:"):
        # To a proxy it would send the whole URL, without its dots: that of another object.
        more["proxies"] = {}
    region = address.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return importlib.import_module("botocore.config").Config(
        region_name=region or "us-east-1",
        connect_timeout=patience.connect,
        read_timeout=patience.silence,
        retries={"total_max_attempts": 1},  # `Tries` sees to that, by the clock
        # In the path as obstore does it: in a host's name a bucket's dots would break TLS.
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,
        **more,
    )
