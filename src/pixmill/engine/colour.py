"""Whatever numbers an original has become 8-bit sRGB, by its ICC profile where it has one.

The conversion runs on the resized picture: on the whole one it would cost more than everything else. And it
is left out where it would change nothing, which is the usual case of a camera that embeds sRGB itself.
"""

from pixmill.engine import vips
from pixmill.engine.profile import fits, is_rgb, is_srgb

_RGB, _RGBA = 3, 4


def to_srgb(image: vips.Image, profile: bytes) -> tuple[vips.Image, bool]:
    """Convert to 8-bit sRGB, alpha kept.

    Args:
        image: in any space and depth.
        profile: the original's; empty if it has none.

    Returns:
        The converted image with 3 or 4 bands, in memory, and whether the profile was of use: one that cannot
        be read, or is for another kind of colour than the picture has, is left aside.
    """
    grey_in_rgb = image.interpretation in {"b-w", "grey16"} and is_rgb(profile)
    if grey_in_rgb and not is_srgb(profile):
        # A grey JPEG from a camera set to monochrome still has the camera's RGB profile.
        image = image.colourspace("rgb16" if image.format == "ushort" else "srgb")
    usable = not profile or is_srgb(profile) or fits(profile, image.bands - image.hasalpha())
    if profile and usable and not is_srgb(profile):
        try:
            return _by_profile(image, profile), True
        except vips.VipsError:
            usable = False
    if image.interpretation != "srgb" or image.bands not in {_RGB, _RGBA} or image.format != "uchar":
        image = image.colourspace("srgb").cast("uchar")
        # Whatever a TIFF carries beside colour and alpha has no meaning here.
        image = image[:_RGBA].copy_memory() if image.bands > _RGBA else image.copy_memory()
    return image, usable


def _by_profile(image: vips.Image, profile: bytes) -> vips.Image:
    image = image.copy()
    vips.blob(image, "icc-profile-data", profile)
    # Perceptual is what ICC recommends for photographs, and what a CMYK profile's tables are made for.
    return image.icc_transform("srgb", embedded=True, intent="perceptual", depth=8).copy_memory()
