"""The renderer's word is taken for what it is: that of somebody who has seen a hostile file."""

from typing import Any

import msgspec
import pytest
from tests.sync.pictures import photo

from pixmill import engine
from pixmill.confinement import messages
from pixmill.confinement.frames import Garbled
from pixmill.confinement.messages import Fault, Made
from pixmill.recipe import Recipe

RECIPE = Recipe.from_dict({"rendition": [{"name": "thumbnail", "width": 16, "formats": ["jpeg", "webp"]}]})
ASKED: messages.Parts = (("thumbnail", "webp"), ("thumbnail", "jpeg"))
TRUE = engine.render(photo(), RECIPE)


def forged(**changes: Any) -> engine.Rendered:  # noqa: ANN401 - of any field
    first, *others = TRUE.outputs
    return msgspec.structs.replace(TRUE, outputs=(msgspec.structs.replace(first, **changes), *others))


def test_what_was_asked_for_arrives_as_it_was() -> None:
    answer = messages.answer(messages.encoded(Made(TRUE)))

    assert isinstance(answer, Made)
    assert messages.checked(answer.rendered, ASKED) == TRUE


@pytest.mark.parametrize(
    "rendered",
    [
        forged(rendition="../manifests"),
        forged(declared="png"),
        forged(format=msgspec.structs.replace(engine.FORMATS["jpeg"], media_type="text/html")),
        forged(format=msgspec.structs.replace(engine.FORMATS["jpeg"], extension="html")),
        msgspec.structs.replace(TRUE, outputs=TRUE.outputs[:1]),
        msgspec.structs.replace(TRUE, outputs=(*TRUE.outputs, TRUE.outputs[0])),
        msgspec.structs.replace(
            TRUE,
            probe=msgspec.structs.replace(
                TRUE.probe, format=msgspec.structs.replace(engine.FORMATS["jpeg"], name="exe")
            ),
        ),
    ],
    ids=["another name", "another format", "a page", "another extension", "less", "more", "of what"],
)
def test_what_was_not_asked_for_is_not_taken(rendered: engine.Rendered) -> None:
    with pytest.raises(Garbled):
        messages.checked(rendered, ASKED)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"rubbish",
        msgspec.msgpack.encode({"type": "setup"}),
        msgspec.msgpack.encode({"type": "made", "rendered": {}}),
        messages.encoded(Made(TRUE))[:-5],
    ],
)
def test_what_is_no_answer_is_not_taken(body: bytes) -> None:
    with pytest.raises(Garbled):
        messages.answer(body)


@pytest.mark.parametrize("code", ["no-such-code", "storage-unavailable", "invalid-recipe"])
def test_an_original_is_at_fault_for_what_originals_can_be_at_fault_for(code: str) -> None:
    with pytest.raises(Garbled):
        messages.rejection(Fault(code, "", ""))


def test_no_error_fills_a_manifest() -> None:
    rejection = messages.rejection(Fault("corrupt", "x" * 10_000, "y" * 10_000))

    assert len(rejection.message) == len(rejection.hint) == 1000
