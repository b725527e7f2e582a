"""From what one says of a pipeline to what is to be deployed: every argument checked, alone and together."""

import os
from collections.abc import Mapping
from typing import Any, cast, get_args

from pixmill.errors import Refused
from pixmill.infra import inputs, rules
from pixmill.infra.blueprint import UPLOADS, Blueprint, Site
from pixmill.infra.bundle import Architecture, Python
from pixmill.infra.refusal import DeploymentError
from pixmill.recipe import Recipe, RecipeError
from pixmill.recipe.problems import Problem, shown
from pixmill.recipe.reading import Place, Reader, as_table, choice, integer, table

LOG_RETENTION = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The days that CloudWatch Logs offers: PutRetentionPolicy in its API reference. For ever is not ours."""


def read_blueprint(name: object, arguments: object) -> Blueprint:
    """Check what one says of a pipeline. None is the same as nothing said.

    Raises:
        DeploymentError: there are mistakes; all of them are listed.
    """
    problems: list[Problem] = []
    found_name = _name(name, Place("name", problems))
    found = _table(arguments, Place("args", problems), Place("", problems), _FIELDS)
    if problems or found is None or found_name is None:
        raise DeploymentError(problems)
    least = rules.least_visibility(Blueprint(name=found_name, **found))
    said: dict[str, Any] = {"visibility_timeout_seconds": least, **found}
    blueprint = Blueprint(name=found_name, **said)
    problems.extend(rules.problems(blueprint))
    if problems:
        raise DeploymentError(problems)
    return blueprint


# What is generated from it must fit: a bucket's name takes 63 characters, of which Pulumi adds 8 and we
# "-destination", and no upper case.
_name = inputs.text(
    "1-40 lower-case letters, digits and hyphens, beginning with a letter",
    "[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
)


def _table(
    value: object, whole: Place, fields: Place, readers: Mapping[str, Reader[Any]]
) -> dict[str, Any] | None:
    entries = as_table(value)
    if entries is None:
        return whole.wrong("a table", value)
    said = {key: entry for key, entry in entries.items() if entry is not None}
    return table(said, fields, readers, {})


def _recipe(value: object, place: Place) -> Recipe | None:
    if isinstance(value, Recipe):
        return value
    try:
        if (entries := as_table(value)) is not None:
            return Recipe.from_dict(cast("Mapping[str, object]", entries))
        if (path := _as_path(value)) is not None:
            return Recipe.load(path)
    except RecipeError as error:
        for each in error.problems:
            Place(f"{place.path}: {each.path}", place.problems).add(each.expected, each.got, each.hint)
        return None
    except Refused as error:
        return place.wrong("the path of a recipe", value, error.message)
    return place.wrong("a recipe, or its path", value)


def _path(value: object, place: Place) -> str | None:
    return _as_path(value) or place.wrong("a file's path", value)


def _as_path(value: object) -> str | None:
    return os.fspath(cast("str | os.PathLike[str]", value)) if isinstance(value, str | os.PathLike) else None


def _days(value: object, place: Place) -> int | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value in LOG_RETENTION:
        return int(value)
    return place.add(f"one of {', '.join(map(str, LOG_RETENTION))}", shown(value))


def _site(default: str) -> Reader[Site]:
    def read(value: object, place: Place) -> Site | None:
        found = _table(value, place, place, _SITE)
        if found is None:
            return None
        if "existing_bucket" not in found:
            said: dict[str, Any] = {"prefix": default, **found}
            return Site(**said)
        for each in found.keys() - {"existing_bucket", "prefix"}:
            place.at(each).add(
                "nothing", "a value", "it is for a new bucket, and existing_bucket names another"
            )
        return Site(**found)

    return read


def _one_of(*words: str) -> Reader[str]:
    return choice({word: word for word in words})


_SITE: dict[str, Reader[Any]] = {
    "existing_bucket": inputs.known_later(inputs.bucket_name),
    "prefix": inputs.folder,
    "retain": inputs.boolean,
    "force_destroy": inputs.boolean,
    "keep_old_versions_days": integer(1, 36500),
    "cors_origins": inputs.listed(inputs.known_later(inputs.origin), "sites"),
}

_FIELDS: dict[str, Reader[Any]] = {
    "recipe": _recipe,
    "source": _site(UPLOADS),
    "destination": _site(""),
    "memory_mb": integer(128, 10240),
    "timeout_seconds": integer(10, 900),
    "architecture": _one_of(*get_args(Architecture)),
    "python": _one_of(*get_args(Python)),
    "bundle": _path,
    "batch_size": integer(1, 10_000),
    "batch_window_seconds": integer(0, 300),
    "maximum_concurrency": integer(2, 1000),
    "visibility_timeout_seconds": integer(0, 43_200),
    # A removal comes twice, and once more if it found what somebody was at work on.
    "max_receive_count": integer(3, 1000),
    "log_retention_days": _days,
    "log_level": _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    "tracing": inputs.boolean,
    # An alias has an ARN too, but IAM lets no role use a key by its alias's.
    "kms_key_arn": inputs.known_later(
        inputs.arn(
            "a KMS key", "kms", r"[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+", "of the key, not of an alias"
        )
    ),
    "alarm_topic_arn": inputs.known_later(
        inputs.arn(
            "an SNS topic", "sns", r"[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}", "alarms take no FIFO topic"
        )
    ),
    "alarm_email": inputs.known_later(inputs.email),
    "permissions_boundary_arn": inputs.known_later(
        inputs.arn("an IAM policy", "iam", r":(?:[0-9]{12}|aws):policy/[\w+=,.@/-]+")
    ),
    "tags": inputs.tags,
}
