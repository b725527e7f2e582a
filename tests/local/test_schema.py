"""The server is as docs/openapi.json describes it, whatever is asked of it: requests by Schemathesis.

Each address gets requests that the description allows and requests that it does not. No answer is a server's
error, each has a status, a type, a shape and the headers that the description names, and nothing but the two
stores and the recipe is changed.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.local.conftest import RECIPE
from tests.local.served import Server
from tests.sync.pictures import photo

from pixmill.local.routes import application

if TYPE_CHECKING:
    from starlette.routing import Route

    from pixmill.local.lightbox import Lightbox


DESCRIPTION = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs" / "openapi.json")
OPERATIONS = {
    found.ok().label: found.ok() for found in DESCRIPTION.get_all_operations() if isinstance(found, Ok)
}
# A stream has no end that one could wait for; tests/local/test_events.py listens to it.
ENDING = [label for label in OPERATIONS if label != "GET /api/events"]
# Where something can be wrong: any text may be a key, and any bytes an upload.
REFUSABLE = ["GET /api/originals", "PUT /api/recipe", "POST /api/recipe/check", "POST /api/preview"]
KEY = {"path_parameters": {"key": "here.jpg"}}
KNOWN: Mapping[str, dict[str, Any]] = {
    "GET /api/originals/{key}": KEY,
    "POST /api/originals/{key}/retry": KEY,
    "PUT /api/uploads/{name}": {
        "path_parameters": {"name": "here.jpg"},
        "headers": {"X-Pixmill-Path": "a/b.jpg"},
    },
    "PUT /api/recipe": {"body": {"text": RECIPE}},
    "POST /api/recipe/check": {"body": {"text": RECIPE}},
    "POST /api/preview": {"body": {"text": RECIPE, "key": "here.jpg"}},
    "GET /static/{name}": {"path_parameters": {"name": "page.js"}},
    "GET /files/original/{key}": KEY,
    "GET /files/rendition/{key}": {"path_parameters": {"key": "thumbnail/here.jpg.jpg"}},
    "DELETE /api/originals/{key}": {"path_parameters": {"key": "doomed.jpg"}},
}
"""Requests that are about something; any other key, in all likelihood, is nobody's."""

ODD = {
    "nested": b'{"text":' * 5000 + b"1" + b"}" * 5000,
    "unended": b"[" * 100_000,
    "not UTF-8": b'{"text": "\xff"}',
    "half a character": b'{"text": "\\ud800"}',
}

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module", autouse=True)
def _originals(server: Server) -> None:
    for key in ("here.jpg", "doomed.jpg"):
        (server.source / key).write_bytes(photo())
    assert server.finished("here.jpg", "doomed.jpg") == ["complete"] * 2


@pytest.fixture(autouse=True)
def _nothing_else_is_touched(server: Server) -> Iterator[None]:
    before = around(server)
    yield
    assert before == around(server)


def around(server: Server) -> dict[Path, bytes]:
    """All files beside the two stores, but what is a recipe."""
    home = server.source.parent
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".toml")
    stores = {server.source, server.destination}
    return {path: path.read_bytes() for path in files if not stores & set(path.parents)}


def test_every_address_is_described_and_nothing_else() -> None:
    routes = cast("list[Route]", application(cast("Lightbox", None)).routes)
    there = {
        f"{method} {re.sub(':[a-z]+}', '}', route.path)}"
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert there == set(OPERATIONS)


def test_the_description_is_one() -> None:
    DESCRIPTION.validate()


@pytest.mark.parametrize("label", ENDING)
def test_what_is_described_is_answered_as_it_is_described(label: str, server: Server) -> None:
    answered(server, label, GenerationMode.POSITIVE)


@pytest.mark.parametrize("label", REFUSABLE)
def test_what_is_not_described_is_refused(label: str, server: Server) -> None:
    written = {"headers": {"X-Pixmill": "1"}} if not label.startswith("GET") else {}

    answered(server, label, GenerationMode.NEGATIVE, **written)


@pytest.mark.parametrize("label", KNOWN)
def test_what_is_there_is_answered_as_it_is_described(label: str, server: Server) -> None:
    statuses = answered(server, label, GenerationMode.POSITIVE, **KNOWN[label])

    assert min(statuses) in range(200, 300)


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
@pytest.mark.parametrize("label", REFUSABLE[1:])
def test_a_body_that_no_parser_likes_is_refused(label: str, body: bytes, server: Server) -> None:
    method, path = label.split()

    answer = server.write(method, path, body)

    assert (answer.status, answer.code) == (400, "invalid-request")


@pytest.mark.parametrize("address", ["/files/original/", "/files/rendition/thumbnail%2F"])
def test_a_key_that_no_file_can_have_is_not_there(address: str, server: Server) -> None:
    """It spells out bytes that do make up UTF-8."""
    answer = server.get(f"{address}{quote(chr(0xFFFD) + 'C3' + chr(0xFFFD) + 'A9', safe='')}.jpg")

    assert (answer.status, answer.code) == (404, "not-found")


def answered(server: Server, label: str, mode: GenerationMode, **fixed: Any) -> list[int]:  # noqa: ANN401 - Schemathesis' own
    """The statuses of generated requests, each of whose answers is as the description has it."""
    statuses: list[int] = []

    @EXAMPLES
    @given(OPERATIONS[label].as_strategy(mode, **fixed))
    def asked(case: Case[Any]) -> None:
        answer = case.call(base_url=server.origin, headers={"Origin": server.origin})
        statuses.append(answer.status_code)
        # A text of the right type may still be no recipe.
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])
        case.validate_response(answer, checks=[not_a_server_error])

    asked()
    return statuses
