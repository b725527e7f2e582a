"""A page of a listing of S3, read at a sixth of what botocore needs for it.

A listing of millions would be spent in botocore's own reading of the answers, which looks at every field.
Here an answer is taken apart before botocore sees it; what it then gets is an empty one.
"""

from typing import Any
from urllib.parse import unquote_plus
from xml.etree.ElementTree import ParseError, fromstring

from pixmill.storage.amazon import Client
from pixmill.storage.store import Meta

PAGE = "PixmillPage"
"""Where a page's objects stand in botocore's answer, if it had any: a list of `Meta`, etags with quotes."""

_EMPTY = b"<ListBucketResult/>"


def read_by_us(client: Client) -> None:
    """Let a client's listings come as `PAGE`."""
    client.meta.events.register("before-parse.s3.ListObjectsV2", _read)


def _read(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] != 200:  # noqa: PLR2004 - OK
        return
    try:
        root = fromstring(response_dict["body"])  # noqa: S314 - no more trusted than by botocore itself
    except ParseError:
        return  # no page: the caller sees that
    space = root.tag[: root.tag.rfind("}") + 1]
    key, etag, size = f"{space}Key", f"{space}ETag", f"{space}Size"
    # What XML cannot hold comes escaped, if the server knows how.
    spelt = unquote_plus if root.findtext(f"{space}EncodingType") == "url" else str
    customized_response_dict[PAGE] = [
        Meta(spelt(each.findtext(key, "")), each.findtext(etag, ""), int(each.findtext(size, "0")))
        for each in root.iter(f"{space}Contents")
    ]
    customized_response_dict["IsTruncated"] = root.findtext(f"{space}IsTruncated") == "true"
    customized_response_dict["NextContinuationToken"] = root.findtext(f"{space}NextContinuationToken")
    response_dict["body"] = _EMPTY
