"""What the engine makes of one file, and what the reference says to that."""

import resource

import msgspec
from tests.corpora import reference
from tests.corpora.contained import Say, contained
from tests.engine.pictures import recipe

from pixmill import engine
from pixmill.engine import Output
from pixmill.errors import Rejected
from pixmill.recipe import Rendition

# Small enough to be quick, and large enough to show a picture that is turned, cropped, washed out or half.
RECIPE = recipe(
    Rendition(name="small", width=reference.SIDE, height=reference.SIDE, formats=("png", "jpeg"), quality=95),
    max_bytes=25 << 20,
)
_JPEG_MEAN = 8.0  # two encoders differ too
_SIZE = 1.0
_NO_PICTURE = frozenset(("empty", "unsupported-format"))


class Verdict(msgspec.Struct):
    """What the engine's part of the child tells.

    Attributes:
        text: see `Finding`.
        code: of the rejection, if it is one.
        memory: see `Finding`.
    """

    text: str
    code: str
    memory: int


class Opinion(msgspec.Struct):
    """What the reference's part of the child tells; see `Finding`."""

    agreement: str = "-"
    detail: str = ""


class Finding(msgspec.Struct):
    """One file, judged.

    Attributes:
        name: of the file.
        verdict: "made 64x48 jpeg", with the engine's notes; or "rejected corrupt"; or the fault.
        agreement: of what was made "agrees", "differs" or "unread"; of what was rejected "read" or "refused",
            as the reference does; "-" if it was not asked.
        fault: what no file may do to its process, empty if it did not.
        detail: figures and messages, for people.
        memory: the most that the engine's process had at a time, in bytes.
    """

    name: str
    verdict: str
    agreement: str
    fault: str
    detail: str
    memory: int


def judge(name: str, data: bytes) -> Finding:
    """Have the engine, and then the reference, look at a file in a child of its own."""
    ended = contained(lambda say: _look(data, say))
    if not ended.said or (ended.fault == "raised" and ended.said[0].startswith(b"Traceback")):
        told = " / ".join(line.decode().strip() for line in ended.said)
        return Finding(name, ended.fault, "-", ended.fault, told, 0)
    verdict = msgspec.json.decode(ended.said[0], type=Verdict)
    if ended.fault:  # the engine had spoken: it was the reference
        opinion = _unread(verdict, ended.fault)
    else:
        opinion = msgspec.json.decode(ended.said[1], type=Opinion)
    return Finding(name, verdict.text, opinion.agreement, "", opinion.detail, verdict.memory)


def _look(data: bytes, say: Say) -> None:
    outputs: tuple[Output, ...] = ()
    try:
        rendered = engine.render(data, RECIPE)
    except Rejected as error:
        text, code = f"rejected {error.code}", error.code
    else:
        outputs = rendered.outputs
        first = outputs[0]
        text, code = f"made {first.width}x{first.height} {rendered.probe.format.name}", ""
        text = " ".join((text, *first.notes))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    verdict = Verdict(text, code, memory)
    say(msgspec.json.encode(verdict))
    say(msgspec.json.encode(Opinion() if code in _NO_PICTURE else _opinion(data, verdict, outputs)))


def _opinion(data: bytes, verdict: Verdict, outputs: tuple[Output, ...]) -> Opinion:
    try:
        shown = reference.picture(data)
    except reference.Unread as error:
        return _unread(verdict, str(error))
    if not outputs:
        return Opinion("read", f"{shown.width}x{shown.height}")
    png, jpeg = outputs
    expected = reference.size(shown.size)
    if any(abs(side - other) > _SIZE for side, other in zip((png.width, png.height), expected, strict=True)):
        return Opinion("differs", f"not {expected[0]:.1f}x{expected[1]:.1f}")
    mean, most = reference.differences(png.data, shown)
    flat, _ = reference.differences(jpeg.data, shown)
    agrees = mean <= reference.MEAN and most <= reference.MOST and flat <= _JPEG_MEAN
    return Opinion(
        "agrees" if agrees else "differs", f"mean {mean:.1f}, most {most}; as JPEG mean {flat:.1f}"
    )


def _unread(verdict: Verdict, why: str) -> Opinion:
    return Opinion("refused" if verdict.code else "unread", why)
