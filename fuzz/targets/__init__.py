"""Every target by its name. A new one is a file with a `TARGET` and its line here."""

from fuzz.targets import (
    colour,
    decode,
    events,
    exif,
    keys,
    location,
    manifest,
    naming,
    probe,
    recipe,
    structure,
    turbo,
)

TARGETS = {
    module.TARGET.name: module.TARGET
    for module in (
        decode,
        turbo,
        probe,
        structure,
        exif,
        colour,
        events,
        recipe,
        manifest,
        keys,
        naming,
        location,
    )
}
