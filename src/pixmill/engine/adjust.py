"""What is done to a picture once it has its size: crop, sharpen, pad, flatten.

Cropping, padding and flattening cost less than keeping what comes of them, so that they are computed only
while the picture is encoded.
"""

from pixmill.engine.decode import Frames
from pixmill.engine.vips import Image
from pixmill.geometry import Box, ResizePlan, Size
from pixmill.recipe import Colour, Gravity

_OPAQUE = _WHITE = 255


def cropped(frames: Frames, plan: ResizePlan, gravity: Gravity) -> Frames:
    """Keep the part that the plan names, or one of its size where the gravity finds something to see."""
    box = plan.crop
    if Size(box.width, box.height) == frames.size:
        return frames
    if gravity.look != "point":
        # One place for a whole animation, or it would jitter.
        found = frames.images[0].smartcrop(box.width, box.height, interesting=gravity.look)
        box = Box(-found.xoffset, -found.yoffset, box.width, box.height)
    return frames.map(lambda image: image.crop(*box))


def sharpened(frames: Frames, sigma: float) -> Frames:
    """Sharpen by the Gaussian of a sigma in pixels; 0 leaves everything as it is."""
    if not sigma:
        return frames

    def step(image: Image) -> Image:
        # Only lightness is sharpened, so that edges get no coloured fringes; alpha stays as it is.
        if not image.hasalpha():
            return image.sharpen(sigma=sigma).copy_memory()
        alpha = image[image.bands - 1]
        return image[: image.bands - 1].sharpen(sigma=sigma).cast("uchar").bandjoin(alpha).copy_memory()

    return frames.map(step)


def padded(frames: Frames, plan: ResizePlan, background: Colour) -> Frames:
    """Lay the picture on its canvas; what lies beside it is painted with the background."""
    if plan.canvas == frames.size:
        return frames
    left, top = plan.offset

    def step(image: Image) -> Image:
        if background.alpha < _OPAQUE and not image.hasalpha():
            image = image.bandjoin(_OPAQUE)
        paint: list[float] = [background.red, background.green, background.blue]
        if image.hasalpha():
            paint.append(background.alpha)
        if all(value == _WHITE for value in paint):
            # The usual one, and half the time: libvips makes pictures of any other paint first.
            return image.embed(left, top, *plan.canvas, extend="white")
        return image.embed(left, top, *plan.canvas, extend="background", background=paint)

    return frames.map(step)


def flattened(frames: Frames, background: Colour) -> Frames:
    """Lay transparent pictures on an opaque background."""
    if not frames.images[0].hasalpha():
        return frames
    under: list[float] = [background.red, background.green, background.blue]
    return frames.map(lambda image: image.flatten(background=under))
