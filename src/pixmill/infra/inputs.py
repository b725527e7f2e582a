"""Readers of single arguments: from any value to a checked one, or to a problem on record.

What another resource of the program will only tell, an `Output`, is checked when it is known, which in a
preview it may never be.
"""

import inspect
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pulumi import Input, Output

from pixmill.infra.refusal import DeploymentError
from pixmill.recipe.reading import Place, Reader, as_list, as_table

if TYPE_CHECKING:
    from pixmill.recipe.problems import Problem

T = TypeVar("T")

_MOST_TAGS = 50

PARTITION = "aws(?:-[a-z]+)*"
"""The partitions of AWS, such as aws, aws-cn and aws-us-gov, as a pattern."""


def boolean(value: object, place: Place) -> bool | None:
    """Read true or false."""
    return value if isinstance(value, bool) else place.wrong("true or false", value)


def text(expected: str, pattern: str, hint: str | None = None) -> Reader[str]:
    """A reader of text that a whole pattern matches."""

    def read(value: object, place: Place) -> str | None:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        return place.wrong(expected, value, hint)

    return read


def arn(what: str, service: str, rest: str, hint: str | None = None) -> Reader[str]:
    """A reader of Amazon Resource Names.

    Args:
        what: of what.
        service: the service's name in it.
        rest: a pattern for all that follows the service.
        hint: what to do about another one.
    """
    expected = f"{what}'s ARN, as arn:aws:{service}:..."
    return text(expected, f"arn:{PARTITION}:{service}:{rest}", hint)


def known_later(read: Reader[T]) -> Reader[Input[T]]:
    """A reader of values that may be outputs of other resources."""

    def reader(value: object, place: Place) -> Input[T] | None:
        if isinstance(value, Output) or inspect.isawaitable(value):
            promised = Output.from_input(cast("Input[object]", value))
            return promised.apply(lambda told: _checked(read, told, place.path))
        return read(value, place)

    return reader


def listed(read: Reader[T], what: str) -> Reader[tuple[T, ...]]:
    """A reader of lists."""

    def reader(value: object, place: Place) -> tuple[T, ...] | None:
        elements = as_list(value)
        if elements is None:
            return place.wrong(f"a list of {what}", value)
        found = [read(element, place.at(index)) for index, element in enumerate(elements)]
        return tuple(element for element in found if element is not None)

    return reader


bucket_name = text(
    "a bucket's name",
    r"(?=.{3,63}\Z)(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]",
    'its name alone, without s3:// or arn:, as in "Bucket naming rules" of S3\'s documentation',
)
"""Read the name of a bucket."""

origin = text(
    'a site such as "https://example.com"',
    r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?",
    'without a path; "*" would let the pages of every site in',
)
"""Read a web site's origin."""

email = text("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+")
"""Read an e-mail address, to the extent that can be told without writing to it."""

# As in "Safe characters" of "Naming Amazon S3 objects", less those that IAM or filters take for patterns.
_FOLDER = re.compile(r"(?:(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._-]+(?:/|\Z))*")
_LONGEST_FOLDER = 500


def folder(value: object, place: Place) -> str | None:
    """Read a folder of a bucket: empty, or ending in a slash, whether or not it was given with one."""
    if isinstance(value, str) and _FOLDER.fullmatch(value) and len(value) <= _LONGEST_FOLDER:
        return f"{value}/" if value and not value.endswith("/") else value
    return place.wrong('a folder such as "uploads", of letters, digits, ".", "_", "-" and "/"', value)


_tag_key = text("a tag's key of 1-128 letters, digits or + - = . _ : / @", r"(?!aws:)[\w +=.:/@-]{1,128}")
_tag_value = known_later(text("0-256 letters, digits or + - = . _ : / @", r"[\w +=.:/@-]{0,256}"))


def _tags(value: object, place: Place) -> Mapping[str, Input[str]] | None:
    entries = as_table(value)
    if entries is None:
        return place.wrong("a table of tags", value)
    if len(entries) > _MOST_TAGS:
        return place.add(f"{_MOST_TAGS} tags at most", str(len(entries)))
    found: dict[str, Input[str]] = {}
    for key, entry in entries.items():
        name, meaning = _tag_key(key, place.at(key)), _tag_value(entry, place.at(key))
        if name is not None and meaning is not None:
            found[name] = meaning
    return found


tags: Reader[Input[Mapping[str, Input[str]]]] = known_later(_tags)
"""Read tags, as "Tag naming and usage conventions" of AWS has them."""


def _checked(read: Reader[T], value: object, path: str) -> T:
    problems: list[Problem] = []
    found = read(value, Place(path, problems))
    if problems:
        raise DeploymentError(problems)
    return cast("Any", found)
