"""The libjpeg-turbo of Pillow's wheel, and its structs as version 6.2 of libjpeg laid them out in 1998."""

from ctypes import (
    CDLL,
    CFUNCTYPE,
    Structure,
    c_char,
    c_char_p,
    c_double,
    c_int,
    c_long,
    c_size_t,
    c_uint,
    c_ulong,
    c_void_p,
    cast,
    sizeof,
)
from importlib.util import find_spec
from pathlib import Path

ABI = 62
YCBCR = 3
_LP64 = 8


class Errors(Structure):
    """`jpeg_error_mgr`: what is done about errors, what about warnings, and how many there were."""

    _fields_ = (
        ("error_exit", c_void_p),
        ("_emit_message", c_void_p),
        ("output_message", c_void_p),
        ("_format_message", c_void_p),
        ("_reset_error_mgr", c_void_p),
        ("_message", c_int),
        ("_parameters", c_char * 80),
        ("_trace_level", c_int),
        ("num_warnings", c_long),
        ("_rest", c_char * 32),
    )


class Jpeg(Structure):
    """`jpeg_decompress_struct` as libjpeg 6.2 had it, and libjpeg-turbo has it still."""

    _fields_ = (
        ("err", c_void_p),
        ("_common", c_char * 32),
        ("_src", c_void_p),
        ("image_width", c_uint),
        ("image_height", c_uint),
        ("num_components", c_int),
        ("jpeg_color_space", c_int),
        ("_out_color_space", c_int),
        ("scale_num", c_uint),
        ("scale_denom", c_uint),
        ("_output_gamma", c_double),
        ("_buffered_image", c_int),
        ("raw_data_out", c_int),
        ("_parameters", c_int * 10),
        ("output_width", c_uint),
        ("output_height", c_uint),
        ("_out_color_components", c_int),
        ("output_components", c_int),
        ("_state", c_char * 152),
        ("comp_info", c_void_p),
        ("_rest", c_char * 320),
    )


class Component(Structure):
    """`jpeg_component_info`, of which `comp_info` points at as many as there are."""

    _fields_ = (
        ("_names", c_int * 2),
        ("h_samp_factor", c_int),
        ("v_samp_factor", c_int),
        ("_tables", c_int * 3),
        ("width_in_blocks", c_uint),
        ("_height_in_blocks", c_uint),
        ("dct_scaled_size", c_int),
        ("downsampled_width", c_uint),
        ("downsampled_height", c_uint),
        ("_rest", c_char * 48),
    )


Handler = CFUNCTYPE(None, c_void_p)

_PROTOTYPES = {
    "jpeg_std_error": (c_void_p, (c_void_p,)),
    "jpeg_CreateDecompress": (None, (c_void_p, c_int, c_size_t)),
    "jpeg_mem_src": (None, (c_void_p, c_char_p, c_ulong)),
    "jpeg_read_header": (c_int, (c_void_p, c_int)),
    "jpeg_start_decompress": (c_int, (c_void_p,)),
    "jpeg_read_raw_data": (c_uint, (c_void_p, c_void_p, c_uint)),
    "jpeg_read_scanlines": (c_uint, (c_void_p, c_void_p, c_uint)),
    "jpeg_destroy_decompress": (None, (c_void_p,)),
}


def address(function: object) -> int:
    """Where a function is, of the library or of Python."""
    return cast(function, c_void_p).value or 0  # pyright: ignore[reportArgumentType]


def _loaded() -> CDLL | None:
    """The libjpeg-turbo of Pillow's wheel; None where Pillow came otherwise, or has it for another ABI."""
    pillow = find_spec("PIL")
    if pillow is None or pillow.origin is None or {sizeof(c_void_p), sizeof(c_long)} != {_LP64}:
        return None
    folder = Path(pillow.origin).parent
    names = [*folder.parent.glob("pillow.libs/libjpeg-*.so.62.*"), *folder.glob(".dylibs/libjpeg.62.*")]
    if len(names) != 1:
        return None
    library = CDLL(str(names[0]))
    for name, (result, arguments) in _PROTOTYPES.items():
        function = library[name]
        function.restype, function.argtypes = result, arguments
        setattr(library, name, function)
    return library


# At once: a confined process can open nothing more by the time its first picture comes.
LIBRARY = _loaded()
