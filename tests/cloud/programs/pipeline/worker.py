"""The function's code, which nobody calls."""


def handler(event: object, context: object) -> None:
    """Do nothing."""
