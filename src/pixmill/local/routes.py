"""The addresses that the page speaks to. What a request does wrong ends in an answer with a code."""

from typing import get_args
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pixmill.errors import PixmillError, Refused
from pixmill.local import shelf
from pixmill.local.answers import body_of, error, key_in, not_found, plain, text_in
from pixmill.local.assets import asset, page
from pixmill.local.detail import detail
from pixmill.local.events import stream
from pixmill.local.item import Status
from pixmill.local.library import Sort
from pixmill.local.lightbox import Lightbox
from pixmill.local.mistakes import checked
from pixmill.local.naming import key_for
from pixmill.local.uploads import receive
from pixmill.recipe import Recipe
from pixmill.version import __version__

_PAGE = 200
_LARGEST_PAGE = 1000
_RECIPE = 1 << 20  # bytes of a recipe, with the JSON around it
_FILE = 256 << 20  # bytes of a file that is read into memory to be sent
_SORTS: tuple[Sort, ...] = get_args(Sort)
_STATUSES = ("all", *get_args(Status))


def application(box: Lightbox) -> Starlette:
    """The application, unguarded."""
    api = _Api(box)
    return Starlette(
        routes=[
            Route("/", page),
            Route("/static/{name:path}", asset),
            Route("/api/state", api.state),
            Route("/api/originals", api.originals),
            Route("/api/originals/{key:path}", api.original),
            Route("/api/originals/{key:path}", api.delete, methods=["DELETE"]),
            Route("/api/originals/{key:path}/retry", api.retry, methods=["POST"]),
            Route("/api/uploads/{name:path}", api.upload, methods=["PUT"]),
            Route("/api/events", api.events),
            Route("/api/recipe", api.recipe),
            Route("/api/recipe", api.change_recipe, methods=["PUT"]),
            Route("/api/recipe/check", api.check_recipe, methods=["POST"]),
            Route("/api/preview", api.preview, methods=["POST"]),
            Route("/files/original/{key:path}", api.original_file),
            Route("/files/rendition/{key:path}", api.rendition_file),
            Route("/files/preview/{name}/{number:int}", api.preview_file),
        ],
        exception_handlers={
            PixmillError: _refused,
            HTTPException: _unrouted,
            ClientDisconnect: _gone,
        },
    )


class _Api:
    """The answers. Those that wait for storage are plain functions, which run on threads."""

    def __init__(self, box: Lightbox) -> None:
        self._box = box

    def state(self, request: Request) -> Response:
        del request
        box = self._box
        return plain(
            {
                "source": box.source.location,
                "destination": box.destination.location,
                "recipe": box.recipe.described(),
                "limits": {"max_bytes": box.recipe.recipe.limits.max_bytes},
                "totals": box.library.totals(),
                "writable": box.writable,
                "version": __version__,
            }
        )

    def originals(self, request: Request) -> Response:
        asked = request.query_params
        status, sort = asked.get("status", "all"), asked.get("sort", "newest")
        if status not in _STATUSES or sort not in _SORTS:
            raise Refused("invalid-request", "There is no such status, or no such order.")
        offset, limit = _number(asked.get("offset"), 0), _number(asked.get("limit"), _PAGE)
        found = self._box.library.page(
            offset, min(limit, _LARGEST_PAGE), status, asked.get("search", ""), sort
        )
        return plain({"total": found.total, "items": found.items})

    def original(self, request: Request) -> Response:
        return plain(detail(self._box, key_in(request, "/api/originals/")))

    def retry(self, request: Request) -> Response:
        self._box.retry(key_in(request, "/api/originals/", "/retry"))
        return Response(status_code=202)

    def delete(self, request: Request) -> Response:
        key = key_in(request, "/api/originals/")
        if not self._box.writable:
            raise Refused("read-only")
        if self._box.library.item(key) is None:
            raise not_found(f"There is no original {key}.")
        self._box.source.delete(key)
        self._box.arrived(key)
        return Response(status_code=204)

    async def upload(self, request: Request) -> Response:
        name = key_in(request, "/api/uploads/")
        path = request.headers.get("x-pixmill-path")
        meta = await receive(
            request.stream(),
            key_for(name if path is None else unquote(path)),
            self._box.source,
            most=self._box.recipe.recipe.limits.max_bytes,
            declared=_length(request),
        )
        await run_in_threadpool(self._box.arrived, meta.key)
        return plain({"key": meta.key, "etag": meta.etag}, 201)

    async def events(self, request: Request) -> Response:
        box = self._box
        last = request.headers.get("last-event-id")
        return StreamingResponse(
            stream(box.library, box.bell, box.recipe.described, last),
            headers={"cache-control": "no-store"},
            media_type="text/event-stream",
        )

    def recipe(self, request: Request) -> Response:
        del request
        return plain(self._box.recipe.described())

    async def change_recipe(self, request: Request) -> Response:
        text = text_in(await body_of(request, _RECIPE), "text")
        await run_in_threadpool(self._box.change_recipe, text)
        return plain(self._box.recipe.described())

    async def check_recipe(self, request: Request) -> Response:
        text = text_in(await body_of(request, _RECIPE), "text")
        return plain(checked(text, self._box.recipe.kind))

    async def preview(self, request: Request) -> Response:
        body = await body_of(request, _RECIPE)
        recipe = Recipe.parse(text_in(body, "text"), kind=self._box.recipe.kind)
        return plain(await run_in_threadpool(self._box.previews.make, text_in(body, "key"), recipe))

    def original_file(self, request: Request) -> Response:
        return self._sent(request, "original")

    def rendition_file(self, request: Request) -> Response:
        return self._sent(request, "rendition")

    def preview_file(self, request: Request) -> Response:
        file = self._box.previews.file(request.path_params["name"], request.path_params["number"])
        headers = {**shelf.headers_for(file.media_type, file.name), "cache-control": "no-store"}
        return Response(file.data, headers=headers, media_type=file.media_type)

    def _sent(self, request: Request, kind: str) -> Response:
        key = key_in(request, f"/files/{kind}/")
        send, store = (
            (shelf.original, self._box.source)
            if kind == "original"
            else (shelf.rendition, self._box.destination)
        )
        return send(
            store,
            key,
            most=_FILE,
            tags=request.headers.get("if-none-match"),
            version=request.query_params.get("v"),
        )


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - no list is as long
        raise Refused("invalid-request", "offset and limit are numbers from 0.")
    return int(text)


def _length(request: Request) -> int | None:
    text = request.headers.get("content-length")
    return int(text) if text and text.isascii() and text.isdigit() else None


def _refused(request: Request, refusal: Exception) -> Response:
    del request
    if not isinstance(refusal, PixmillError):
        raise refusal
    return error(refusal)


def _unrouted(request: Request, refusal: Exception) -> Response:
    del request
    if not isinstance(refusal, HTTPException):
        raise refusal
    return error(not_found("There is nothing at this address, or not by this method."), refusal.status_code)


def _gone(request: Request, departure: Exception) -> Response:
    """Nobody is there to read this."""
    del request, departure
    return Response(status_code=400)
