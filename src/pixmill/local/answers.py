"""Answers in JSON, and errors as answers."""

from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from pixmill.errors import Fault, PixmillError, Refused

_STATUS = {
    "not-found": 404,
    "token-needed": 401,
    "foreign-request": 403,
    "read-only": 403,
    "too-many-bytes": 413,
    "place-taken": 409,
    "no-space": 507,
    "permission-denied": 403,
    "source-not-found": 503,
}
_OTHERWISE = {Fault.REQUEST: 400, Fault.ORIGINAL: 422, Fault.WORLD: 503}


def plain(value: Any, status: int = 200) -> Response:  # noqa: ANN401 - whatever msgspec can write
    """A value as JSON, which nobody keeps."""
    return Response(
        msgspec.json.encode(value),
        status,
        {"cache-control": "no-store"},
        "application/json",
    )


def error(refusal: PixmillError, status: int | None = None) -> Response:
    """An error, with a status that fits."""
    value = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
    return plain(value, status or _STATUS.get(refusal.code) or _OTHERWISE[refusal.fault])


def not_found(message: str) -> Refused:
    """The error for what is not there."""
    return Refused("not-found", message)


def key_in(request: Request, before: str, after: str = "") -> str:
    """The key in a request's path: all between these two, decoded once.

    The path is taken as it was sent. What stands there is only ever a key, of which storage makes a path
    that cannot leave its folder.

    Raises:
        Refused: "not-found": it is not UTF-8, or empty.
    """
    raw: bytes = request.scope["raw_path"]
    start, end = before.encode(), after.encode()
    if not (raw.startswith(start) and raw.endswith(end)):
        raise not_found("There is nothing at this address.")
    try:
        key = unquote_to_bytes(raw[len(start) : len(raw) - len(end)]).decode()
    except UnicodeDecodeError:
        raise not_found("A key is text in UTF-8.") from None
    if not key:
        raise not_found("The address names no key.")
    return key


async def body_of(request: Request, most: int) -> dict[str, Any]:
    """A request's JSON object.

    Raises:
        Refused: "invalid-request": it is none, or too long.
    """
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise Refused("invalid-request", "The request is too long.")
    try:
        found = msgspec.json.decode(bytes(data), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Refused("invalid-request", f"The request is no JSON object: {problem}.") from None
    return found


def text_in(body: dict[str, Any], name: str) -> str:
    """A text in a request.

    Raises:
        Refused: "invalid-request": it is not there.
    """
    found = body.get(name)
    if not isinstance(found, str):
        raise Refused("invalid-request", f"`{name}` must be a text.")
    return found
