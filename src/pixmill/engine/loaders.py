"""What libvips may load: bytes in memory, of five formats. Looked through before there is a picture.

`pixmill.engine.vips` opens each format as a whole, file names included. Here only its way from memory stays
open, and then every loader that this libvips has is asked, so that one which comes with a newer libvips, or
through a slip of ours, is found before there is a picture. That takes half a millisecond.
"""

from typing import Any

import pyvips

_SHUT = tuple(
    f"VipsForeignLoad{name}{way}"
    for name in ("Jpeg", "Png", "Webp", "Nsgif", "Tiff")
    for way in ("File", "Buffer")
)
OPEN = frozenset(
    ("gifload_source", "jpegload_source", "pngload_source", "tiffload_source", "webpload_source")
)
"""The loaders that the engine calls."""

_BLOCKED = 32  # VIPS_OPERATION_BLOCKED


def shut() -> None:
    """Leave open what the engine calls, and nothing else.

    Raises:
        RuntimeError: libvips has some other loader that is open.
    """
    for name in _SHUT:
        pyvips.operation_block_set(name, True)  # noqa: FBT003 - the C API's own signature
    if more := found() - OPEN:
        raise RuntimeError(f"libvips would load by {', '.join(sorted(more))}")


def found() -> set[str]:
    """The names of all loaders that are not blocked."""
    kinds: list[int] = []
    library, objects = pyvips.vips_lib, pyvips.gobject_lib

    def note(kind: int, *_: object) -> Any:  # noqa: ANN401 - a null pointer: go on
        kinds.append(kind)
        pyvips.type_map(kind, note)
        return pyvips.ffi.NULL

    pyvips.type_map(pyvips.type_from_name("VipsForeignLoad"), note)
    names: set[str] = set()
    for name in map(pyvips.nickname_find, kinds):
        operation = library.vips_operation_new(name.encode())
        if operation == pyvips.ffi.NULL:
            library.vips_error_clear()  # only what others are derived from
            continue
        if not library.vips_operation_get_flags(operation) & _BLOCKED:
            names.add(name)
        objects.g_object_unref(operation)
    return names
