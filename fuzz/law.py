"""What a target says when its law is broken."""


class Broken(Exception):  # noqa: N818 - a state of what is tested
    """A law does not hold; the text is the law."""


def hold(is_held: object, law: str) -> None:
    """See that a law holds. The text is part of what tells one finding from another: no values in it.

    Raises:
        Broken: it does not.
    """
    if not is_held:
        raise Broken(law)
