"""What an error of botocore means: for the caller, for another try, and in Pixmill's words."""

import importlib
from http import HTTPStatus
from typing import Any

from pixmill.errors import PixmillError
from pixmill.storage.complaints import Complaints

_TAKEN = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
_DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_ON_THE_WAY = ("HTTPClientError", "ConnectionError", "IncompleteReadError")
_NO_CREDENTIALS = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "MetadataRetrievalError",
)
_LONGEST = 300  # characters of a foreign message that are worth showing


def is_missing(error: Exception) -> bool:
    """Whether the answer was that there is no such object."""
    return _status(error) == HTTPStatus.NOT_FOUND and _said(error, "Code") != "NoSuchBucket"


def is_taken(error: Exception) -> bool:
    """Whether the answer was that a condition does not hold, or that somebody else is writing."""
    return _status(error) in _TAKEN


def passes(error: Exception) -> bool:
    """Whether the same request may fare better in a moment: the server or the way to it is at fault."""
    status = _status(error)
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or _is_any(error, _ON_THE_WAY)


def told(key: str, error: Exception, complaints: Complaints) -> PixmillError | None:
    """What to tell of an error; None if it is none of botocore's."""
    status = _status(error)
    if status == HTTPStatus.NOT_FOUND and not is_missing(error):
        return complaints.no_bucket()
    if status in _DENIED:
        return complaints.denied(key, _gist(error))
    if _is_any(error, _NO_CREDENTIALS):
        return complaints.no_credentials(key)
    return (
        complaints.unavailable(key, _gist(error))
        if _is_any(error, ("BotoCoreError", "ClientError"))
        else None
    )


def _is_any(error: Exception, names: tuple[str, ...]) -> bool:
    errors = importlib.import_module("botocore.exceptions")
    return isinstance(error, tuple(getattr(errors, name) for name in names))


def _gist(error: Exception) -> str:
    status = _status(error)
    text = f"{status} {_said(error, 'Message')}" if status else str(error)
    text = " ".join(text.split())[:_LONGEST]
    return text if text.endswith(".") else text + "."


def _answer(error: Exception) -> dict[str, Any]:
    """The answer that botocore makes an error of; nothing if there was none."""
    answer: dict[str, Any] | None = getattr(error, "response", None)
    return answer if isinstance(answer, dict) else {}


def _status(error: Exception) -> int:
    return _answer(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _said(error: Exception, field: str) -> str:
    return _answer(error).get("Error", {}).get(field, "")
