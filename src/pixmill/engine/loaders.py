"""What libvips may load: bytes in memory, of five formats. Looked through before there is a picture.

Of each format only the way from memory is opened, and then every loader that this libvips has is asked, so
that one which comes with a newer libvips, or through a slip of ours, is found before there is a picture. That
takes half a millisecond.
"""

from typing import Any

import pyvips

_FAMILIES = {"jpeg": "Jpeg", "png": "Png", "webp": "Webp", "gif": "Nsgif", "tiff": "Tiff"}
_SHUT = ("File", "Buffer")

BY_FORMAT = {name: f"{name}load_source" for name in _FAMILIES}
"""The loaders that the engine calls."""

_BLOCKED = 32  # VIPS_OPERATION_BLOCKED


def shut() -> None:
    """Leave open what the engine calls, and nothing else.

    Raises:
        RuntimeError: libvips has some other loader that is open.
    """
    block = pyvips.operation_block_set
    block("VipsForeignLoad", True)  # noqa: FBT003 - the C API's own signature
    for family in _FAMILIES.values():
        block(f"VipsForeignLoad{family}", False)  # noqa: FBT003
        for way in _SHUT:
            block(f"VipsForeignLoad{family}{way}", True)  # noqa: FBT003
    check()


def check() -> None:
    """Look whether no other loader is open.

    Raises:
        RuntimeError: one is.
    """
    if more := found() - set(BY_FORMAT.values()):
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
