"""What a rendition may ask for: fit, gravity, enlarging, quality, effort, sharpening, and many at once."""

from typing import Any, Literal

import pytest
from PIL import Image, ImageDraw, JpegImagePlugin

from pixmill import engine
from pixmill.engine import decode, vips
from pixmill.recipe import Colour, Fit, Gravity, Rendition

from .pictures import RED, at, distance, encoded, everything, near, opened, outputs, recipe, rendered, scene

WIDE = scene(400, 200)
JPEG = encoded(WIDE, "jpeg")
LANCZOS = Image.Resampling.LANCZOS
Look = Literal["attention", "entropy"]


def reduced(size: tuple[int, int], picture: Image.Image = WIDE) -> Image.Image:
    return picture.resize(size, LANCZOS)


@pytest.mark.parametrize(
    ("fit", "size"),
    [
        ("inside", (100, 50)),
        ("outside", (160, 80)),
        ("fill", (100, 80)),
        ("cover", (100, 80)),
        ("contain", (100, 80)),
    ],
)
def test_fit(fit: Fit, size: tuple[int, int]) -> None:
    output = rendered(JPEG, width=100, height=80, fit=fit)

    assert opened(output).size == size


def test_fill_stretches() -> None:
    assert distance(opened(rendered(JPEG, width=100, height=80, fit="fill")), reduced((100, 80))) < 2


def test_cover_crops_the_middle() -> None:
    expected = reduced((160, 80)).crop((30, 0, 130, 80))

    assert distance(opened(rendered(JPEG, width=100, height=80, fit="cover")), expected) < 2


def test_contain_pads() -> None:
    expected = Image.new("RGB", (100, 80), (9, 99, 199))
    expected.paste(reduced((100, 50)), (0, 15))

    output = rendered(JPEG, width=100, height=80, fit="contain", background=Colour(9, 99, 199))

    assert distance(opened(output), expected) < 2


@pytest.mark.parametrize("width", [None, 100])
@pytest.mark.parametrize("fit", ["inside", "outside", "cover", "contain", "fill"])
def test_one_side_alone(fit: Fit, width: int | None) -> None:
    output = rendered(JPEG, width=width, height=None if width else 50, fit=fit)

    assert opened(output).size == (100, 50)
    assert distance(opened(output), reduced((100, 50))) < 2


@pytest.mark.parametrize("fit", ["inside", "outside", "cover", "contain", "fill"])
def test_no_side_at_all(fit: Fit) -> None:
    assert opened(rendered(JPEG, fit=fit)).size == (400, 200)


@pytest.mark.parametrize(
    ("gravity", "left"),
    [(Gravity(0, 5000), 0), (Gravity(10000, 5000), 120), (Gravity(), 60), (Gravity(2500, 5000), 10)],
)
def test_gravity_and_focal_points(gravity: Gravity, left: int) -> None:
    expected = reduced((200, 100)).crop((left, 0, left + 80, 100))

    output = rendered(JPEG, width=80, height=100, fit="cover", gravity=gravity)

    assert distance(opened(output), expected) < 2


@pytest.mark.parametrize("look", ["attention", "entropy"])
@pytest.mark.parametrize("right", [False, True])
def test_a_crop_that_looks_where_something_is(*, look: Look, right: bool) -> None:
    picture = Image.new("RGB", (400, 100), (120, 130, 140))
    left = 320 if right else 10
    for ring in range(0, 60, 8):
        start, end = ring // 2, 60 - ring // 2
        box = (left + start, 20 + start, left + end, 20 + end)
        ImageDraw.Draw(picture).ellipse(box, fill=(230, 60 + 2 * ring, 40))

    made = opened(
        rendered(encoded(picture, "png"), width=50, height=50, fit="cover", gravity=Gravity(look=look))
    )

    assert made.size == (50, 50)
    assert max(made.getchannel("R").tobytes()) > 200


def test_small_pictures_are_not_enlarged() -> None:
    assert opened(rendered(JPEG, width=4000)).size == (400, 200)


def test_enlarged_where_allowed() -> None:
    output = rendered(JPEG, width=800, enlarge="allow")

    assert opened(output).size == (800, 400)
    assert distance(opened(output), WIDE.resize((800, 400), LANCZOS)) < 2


def test_skipped_with_a_reason() -> None:
    large, small = outputs(
        JPEG,
        Rendition(name="large", width=800, enlarge="skip", formats=("jpeg",)),
        Rendition(name="small", width=80, enlarge="skip", formats=("jpeg",)),
    )

    assert (large.reason, large.data, large.format) == ("larger-than-original", b"", None)
    assert (small.reason, opened(small).size) == (None, (80, 40))


def test_everything_skipped_still_has_a_placeholder() -> None:
    made = everything(JPEG, Rendition(name="large", width=800, enlarge="skip"))

    assert [output.reason for output in made.outputs] == ["larger-than-original"]
    assert made.thumbhash
    assert made.colour.startswith("#")


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 3000), (17, 1)])
@pytest.mark.parametrize("fit", ["inside", "outside", "cover", "contain", "fill"])
@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "tiff"])
def test_extreme_shapes(name: str, fit: Fit, size: tuple[int, int]) -> None:
    data = encoded(Image.new("RGB", size, RED), name)

    made = outputs(
        data,
        Rendition(name="a", width=150, height=150, fit=fit, formats=("jpeg", "png", "webp")),
        Rendition(name="b", width=20, height=30, fit=fit, enlarge="allow", formats=("png",)),
    )

    for output in made:
        picture = opened(output)
        assert picture.size == (output.width, output.height)
        middle = at(picture, 0.5, 0.5)[:3]
        assert near(middle, RED, 12) or fit == "contain"


def test_many_sizes_from_one_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close sizes cannot be made from each other, but they can from one decoded picture."""
    opened_as: list[str] = []
    original = decode._open

    def counted(data: bytes, found: engine.Probe, *rest: Any, **options: Any) -> vips.Image:  # noqa: ANN401
        opened_as.append(found.format.name)
        return original(data, found, *rest, **options)

    monkeypatch.setattr(decode, "_open", counted)
    picture = scene(1000, 700)
    widths = [640, 600, 560, 500, 320, 300, 160, 150, 100, 99, 64]

    for name in ("jpeg", "png", "webp", "tiff"):
        opened_as.clear()
        made = outputs(
            encoded(picture, name), *(Rendition(name=f"w{w}", width=w, formats=("png",)) for w in widths)
        )

        assert opened_as == [name]
        for output, width in zip(made, widths, strict=True):
            assert output.width == width
            assert distance(opened(output), reduced((width, output.height), picture)) < 3, (name, width)


def test_the_same_size_twice() -> None:
    first, second = outputs(
        JPEG,
        Rendition(name="a", width=100, formats=("png",)),
        Rendition(name="b", width=100, formats=("png",), sharpen=1.5),
    )

    assert distance(opened(first), reduced((100, 50))) < 2
    assert first.data != second.data


def test_only_some_of_the_recipe() -> None:
    wanted = recipe(
        Rendition(name="a", width=300, formats=("jpeg", "png")),
        Rendition(name="b", width=100, formats=("jpeg", "png")),
        Rendition(name="c", width=50, formats=("webp",)),
    )
    whole = {
        (output.rendition, output.declared): output.data for output in engine.render(JPEG, wanted).outputs
    }

    for only in ([("b", "png")], [("c", "webp"), ("a", "jpeg")]):
        made = engine.render(JPEG, wanted, only=only).outputs

        assert sorted((output.rendition, str(output.declared)) for output in made) == sorted(only)
        for output in made:
            assert output.data == whole[output.rendition, output.declared]


def test_outputs_come_in_the_order_of_the_recipe() -> None:
    made = outputs(
        JPEG,
        Rendition(name="small", width=50, formats=("webp", "jpeg")),
        Rendition(name="large", width=300, formats=("png",)),
        Rendition(name="none", width=900, enlarge="skip", formats=("avif",)),
    )

    assert [(output.rendition, output.declared) for output in made] == [
        ("small", "webp"),
        ("small", "jpeg"),
        ("large", "png"),
        ("none", "avif"),
    ]


@pytest.mark.parametrize("name", ["jpeg", "webp", "avif"])
def test_quality_costs_bytes(name: str) -> None:
    sizes = [len(rendered(JPEG, formats=(name,), quality=quality).data) for quality in (20, 60, 95)]

    assert sizes == sorted(set(sizes))


def test_effort_reaches_the_encoder() -> None:
    """Fewer bytes for more CPU, on the whole: here only that it makes a difference."""
    data = encoded(scene(300, 200), "png")

    for name, low, high in (("webp", 0, 6), ("avif", 0, 2), ("png", 0, 9)):
        first, second = (rendered(data, formats=(name,), effort=effort, quality=80) for effort in (low, high))
        assert first.data != second.data
        assert distance(opened(first), opened(second)) < 4


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_sharpening_makes_edges_steeper_and_nothing_else(mode: str) -> None:
    picture = Image.new("RGB", (120, 60), (100, 100, 100))
    picture.paste((160, 160, 160), (60, 0, 120, 60))
    picture = picture.resize((119, 61), LANCZOS).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = encoded(picture, "png")

    plain, sharp = (opened(rendered(data, width=60, sharpen=sharpen)) for sharpen in (0.0, 2.0))

    assert near(at(plain, 0.1, 0.8), at(sharp, 0.1, 0.8), 4)
    edge = (20, 20, 40, 30)
    tones, steeper = (set(each.convert("L").crop(edge).tobytes()) for each in (plain, sharp))
    assert tones != steeper
    assert min(steeper) <= min(tones)
    assert max(steeper) >= max(tones)
    if mode == "RGBA":
        assert plain.getchannel("A").tobytes() == sharp.getchannel("A").tobytes()


def test_jpegs_halve_the_resolution_of_colours_and_stream() -> None:
    """4:2:0 and baseline: what every decoder reads, and shows from the top while it loads."""
    picture = opened(rendered(encoded(scene(400, 300), "png"), formats=("jpeg",)))

    assert JpegImagePlugin.get_sampling(picture) == 2
    assert not picture.info.get("progressive")


def test_the_same_input_gives_the_same_bytes() -> None:
    for name in ("jpeg", "webp", "avif", "png"):
        assert (
            rendered(JPEG, formats=(name,), width=99).data == rendered(JPEG, formats=(name,), width=99).data
        )


def test_an_output_in_a_traceback_is_a_line_and_not_a_file() -> None:
    made = rendered(encoded(scene(), "png"), formats=("jpeg",))

    assert repr(made) == f"Output('x', 'jpeg', {made.width}x{made.height}, {len(made.data):,} bytes)"
