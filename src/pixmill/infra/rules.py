"""What the arguments of a pipeline must be to one another, so that AWS takes them and the pipeline works."""

from collections.abc import Iterator

from pixmill.infra.blueprint import Blueprint, Site
from pixmill.infra.environment import MOST_BYTES, environment, size
from pixmill.recipe.problems import Problem
from pixmill.settings import AT_REST

_SOME_MESSAGES = 10
_LONGEST_BUCKET = "b" * 63
_LONGEST_KEY = "arn:aws-us-gov:kms:ap-southeast-1:123456789012:key/mrk-" + 32 * "0"


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """All that is wrong."""
    yield from _of_the_queue(blueprint)
    yield from _of_memory(blueprint)
    yield from _of_the_environment(blueprint)
    for name, site in (("source", blueprint.source), ("destination", blueprint.destination)):
        yield from _of_a_site(name, site)
    if blueprint.alarm_topic_arn is not None and blueprint.alarm_email is not None:
        hint = "subscribe the address to alarm_topic_arn, which is yours"
        yield Problem("alarm_email", "nothing", "a value", hint)
    one, other = blueprint.source.existing_bucket, blueprint.destination.existing_bucket
    if isinstance(one, str) and isinstance(other, str):
        yield from overlap(one, other, blueprint)


def overlap(source: str, destination: str, blueprint: Blueprint) -> Iterator[Problem]:
    """A destination that triggers the source: what is written there would come back as originals, for ever.

    Args:
        source: name of the bucket of originals.
        destination: name of the bucket of renditions.
        blueprint: tells the folders.
    """
    inner, outer = blueprint.destination.prefix, blueprint.source.prefix
    if source == destination and (inner.startswith(outer) or outer.startswith(inner)):
        expected = f"a folder apart from the source's, which is {_shown(outer)}"
        hint = "or its renditions would become originals; choose another folder or bucket"
        yield Problem("destination.prefix", expected, _shown(inner), hint)


def least_visibility(blueprint: Blueprint) -> int:
    """Seconds that AWS advises a message to stay hidden.

    "Creating and configuring an Amazon SQS event source mapping" in the Lambda Developer Guide: six times the
    function's timeout, plus the batch window, or messages come again while they wait behind a throttle.
    """
    return 6 * blueprint.timeout_seconds + blueprint.batch_window_seconds


def _of_the_queue(blueprint: Blueprint) -> Iterator[Problem]:
    least, given = least_visibility(blueprint), blueprint.visibility_timeout_seconds
    if given < least:
        hint = "6 times timeout_seconds, and batch_window_seconds"
        yield Problem("visibility_timeout_seconds", f"{least} or more", str(given), hint)
    # CreateEventSourceMapping in the Lambda API reference.
    if blueprint.batch_size > _SOME_MESSAGES and not blueprint.batch_window_seconds:
        hint = f"AWS asks for it where batch_size is above {_SOME_MESSAGES}"
        yield Problem("batch_window_seconds", "1 or more", "0", hint)


def _of_memory(blueprint: Blueprint) -> Iterator[Problem]:
    """An original that the recipe admits must fit: its bytes, and what decoding it may take."""
    limits = blueprint.recipe.limits
    least = -(-(AT_REST + limits.max_memory + limits.max_bytes) >> 20)
    if blueprint.memory_mb < least:
        hint = (
            f"256 MB at rest, {limits.max_memory >> 20} for the recipe's limits.max_memory, "
            f"{limits.max_bytes >> 20} for its limits.max_bytes; give more, or lower those"
        )
        yield Problem("memory_mb", f"{least} or more", str(blueprint.memory_mb), hint)


def _of_the_environment(blueprint: Blueprint) -> Iterator[Problem]:
    # With the longest names that there can be, so that it cannot turn out later.
    key = None if blueprint.kms_key_arn is None else _LONGEST_KEY
    taken = size(environment(blueprint, _LONGEST_BUCKET, _LONGEST_BUCKET, key))
    if taken > MOST_BYTES:
        expected = f"{MOST_BYTES} bytes of environment at most, as Lambda takes them"
        hint = f"it has {len(blueprint.recipe.renditions)} renditions; leave out some, or make two pipelines"
        yield Problem("recipe", expected, str(taken), hint)


def _of_a_site(name: str, site: Site) -> Iterator[Problem]:
    if site.force_destroy and site.retain:
        hint = f"say {name}.retain = false as well: a bucket that stays is not emptied"
        yield Problem(f"{name}.force_destroy", "false", "true", hint)


def _shown(prefix: str) -> str:
    return f'"{prefix}"' if prefix else "the whole bucket"
