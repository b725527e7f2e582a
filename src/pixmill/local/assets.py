"""The page itself and what it is made of: files that come with the package, and nothing else."""

import re
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from pixmill.local.answers import not_found
from pixmill.version import __version__

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ico": "image/vnd.microsoft.icon",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
# No name begins with a dot, so none leads out of the folder.
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,3}[A-Za-z0-9_-][A-Za-z0-9._-]*")


def page(request: Request) -> Response:
    """The page."""
    del request
    return _sent("index.html")


def asset(request: Request) -> Response:
    """One of its parts."""
    return _sent(request.path_params["name"])


def _sent(name: str) -> Response:
    if not _NAME.fullmatch(name):
        raise not_found("There is no such file.")
    file = files("pixmill.local").joinpath("static", *name.split("/"))
    media_type = _TYPES.get(name.rpartition(".")[2])
    if media_type is None or not file.is_file():
        raise not_found("There is no such file.")
    return Response(
        file.read_bytes(),
        headers={"cache-control": "no-cache", "x-pixmill-version": __version__},
        media_type=media_type,
    )
