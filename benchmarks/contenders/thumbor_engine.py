"""thumbor's engine without its server: each rendition from the original, since each is a request."""

from serve import serve
from thumbor.config import Config  # pyright: ignore[reportMissingImports] - in an environment of its own
from thumbor.context import Context  # pyright: ignore[reportMissingImports]
from thumbor.engines.pil import Engine  # pyright: ignore[reportMissingImports]

SIZES = ((800, 600), (150, 150))
CONTEXT = Context(config=Config(MAX_PIXELS=None))  # the photos are ours


def render(data: bytes) -> list[bytes]:
    return [fit_in(data, size) for size in SIZES]


def fit_in(data: bytes, size: tuple[int, int]) -> bytes:
    """What `fit-in/800x600/filters:fill(white)` does."""
    engine = Engine(CONTEXT)
    engine.load(data, None)
    width, height = engine.size
    scale = min(size[0] / width, size[1] / height)
    resized = round(width * scale), round(height * scale)
    engine.resize(*resized)
    canvas = Engine(CONTEXT)
    canvas.image = canvas.gen_image(size, "white")
    canvas.paste(engine, ((size[0] - resized[0]) // 2, (size[1] - resized[1]) // 2))
    return canvas.read(".jpg", quality=85)


serve(render)
