"""The recipe that `pixmill init` writes."""


def template() -> str:
    """A commented recipe in TOML that names every field; it is valid as it is."""
    # Only `pixmill init` pays for this import.
    from importlib.resources import files  # noqa: PLC0415

    return files("pixmill.recipe").joinpath("template.toml").read_text("utf-8")
