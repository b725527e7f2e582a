"""Every mistake in the arguments is refused before anything is made, in words that name the argument."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from tests.infra.deployed import deploy, later, run, with_bundle

from pixmill.infra import ImagePipeline
from pixmill.infra.reading import read_blueprint
from pixmill.infra.refusal import DeploymentError

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4444-8888-0123456789ab"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:ours"
ONE = {"rendition": [{"name": "a", "width": 10}]}
MANY = {"rendition": [{"name": f"size-{number}", "width": number + 1} for number in range(30)]}

BROKEN: list[tuple[dict[str, Any], str, str]] = [
    # What is broken, the argument that must be named, and what must be said of it.
    ({"memory_mb": 64}, "memory_mb", "128-10240"),
    ({"memory_mb": 20_000}, "memory_mb", "128-10240"),
    ({"memory_mb": "1 GB"}, "memory_mb", '"1 GB"'),
    ({"memory_mb": 1769.5}, "memory_mb", "1769.5"),
    ({"memory_mb": True}, "memory_mb", "true"),
    ({"memory_mb": 1024}, "memory_mb", "1344 or more, got 1024"),
    ({"recipe": {"limits": {"max_memory": "4GiB"}, **ONE}}, "memory_mb", "4416 or more, got 1769"),
    ({"timeout_seconds": 5}, "timeout_seconds", "10-900"),
    ({"timeout_seconds": 901}, "timeout_seconds", "10-900"),
    ({"architecture": "arm"}, "architecture", 'did you mean "arm64"?'),
    ({"architecture": "amd64"}, "architecture", '"x86_64"'),
    ({"python": "3.11"}, "python", '"3.13"'),
    ({"python": 3.13}, "python", "3.13"),
    ({"bundle": ""}, "bundle", "a file's path"),
    ({"bundle": "no/such.zip"}, "bundle", "no/such.zip"),
    ({"bundle": __file__}, "bundle", "pixmill bundle"),
    ({"batch_size": 0}, "batch_size", "1-10000"),
    ({"batch_size": 11}, "batch_window_seconds", "1 or more, got 0"),
    ({"batch_window_seconds": 301}, "batch_window_seconds", "0-300"),
    ({"maximum_concurrency": 1}, "maximum_concurrency", "2-1000"),
    ({"visibility_timeout_seconds": 359}, "visibility_timeout_seconds", "360 or more, got 359"),
    (
        {"batch_window_seconds": 10, "visibility_timeout_seconds": 369},
        "visibility_timeout_seconds",
        "370 or more",
    ),
    ({"visibility_timeout_seconds": 43_201}, "visibility_timeout_seconds", "0-43200"),
    ({"max_receive_count": 2}, "max_receive_count", "3-1000"),
    ({"log_retention_days": 31}, "log_retention_days", "30, 60"),
    ({"log_retention_days": 0}, "log_retention_days", "one of 1, 3"),
    ({"log_level": "debug"}, "log_level", '"DEBUG"'),
    ({"tracing": "yes"}, "tracing", "true or false"),
    ({"kms_key_arn": "alias/photos"}, "kms_key_arn", "a KMS key's ARN"),
    ({"kms_key_arn": KEY.replace("key/", "alias/")}, "kms_key_arn", "not of an alias"),
    ({"kms_key_arn": KEY.replace("kms", "s3")}, "kms_key_arn", "arn:aws:kms:"),
    ({"alarm_topic_arn": "ops"}, "alarm_topic_arn", "an SNS topic's ARN"),
    ({"alarm_topic_arn": TOPIC + ".fifo"}, "alarm_topic_arn", "FIFO"),
    ({"alarm_topic_arn": TOPIC.replace("123456789012", "1")}, "alarm_topic_arn", "arn:aws:sns:"),
    ({"alarm_email": "ops"}, "alarm_email", "an e-mail address"),
    ({"alarm_email": "ops@example.com", "alarm_topic_arn": TOPIC}, "alarm_email", "alarm_topic_arn"),
    ({"permissions_boundary_arn": "boundary"}, "permissions_boundary_arn", "an IAM policy's ARN"),
    ({"tags": ["a"]}, "tags", "a table of tags"),
    ({"tags": {"aws:x": "y"}}, "tags.aws:x", "a tag's key"),
    ({"tags": {"": "y"}}, "tags.", "a tag's key"),
    ({"tags": {"team": 7}}, "tags.team", "0-256 letters"),
    ({"tags": {f"t{number}": "" for number in range(51)}}, "tags", "50 tags at most, got 51"),
    ({"source": "photos"}, "source", "a table"),
    ({"source": {"existing_bucket": ""}}, "source.existing_bucket", "a bucket's name"),
    ({"source": {"existing_bucket": "s3://photos"}}, "source.existing_bucket", "without s3://"),
    ({"source": {"existing_bucket": "My_Photos"}}, "source.existing_bucket", "a bucket's name"),
    ({"source": {"existing_bucket": "photos", "retain": True}}, "source.retain", "existing_bucket"),
    ({"source": {"prefix": "/uploads"}}, "source.prefix", "a folder"),
    ({"source": {"prefix": "up?loads"}}, "source.prefix", "a folder"),
    ({"source": {"prefix": "up/*"}}, "source.prefix", "a folder"),
    ({"source": {"prefix": "a/../b"}}, "source.prefix", "a folder"),
    ({"source": {"prefix": "${aws:username}"}}, "source.prefix", "a folder"),
    ({"source": {"retain": "no"}}, "source.retain", "true or false"),
    ({"source": {"force_destroy": True}}, "source.force_destroy", "source.retain = false"),
    ({"source": {"keep_old_versions_days": 0}}, "source.keep_old_versions_days", "1-36500"),
    ({"source": {"cors_origins": "https://a.example"}}, "source.cors_origins", "a list of sites"),
    ({"source": {"cors_origins": ["*"]}}, "source.cors_origins[0]", "https://example.com"),
    (
        {"source": {"cors_origins": ["https://a.example", "https://*"]}},
        "source.cors_origins[1]",
        "every site",
    ),
    ({"destination": {"cors_origins": ["a.example/x"]}}, "destination.cors_origins[0]", "without a path"),
    ({"destination": {"expire_days": 90}}, "destination.expire_days", "a known field"),
    ({"destination": {"prefx": "out"}}, "destination.prefx", "did you mean `prefix`?"),
    ({"memory": 2048}, "memory", "did you mean `memory_mb`?"),
    ({"recipe": 7}, "recipe", "a recipe, or its path"),
    ({"recipe": "no/such.toml"}, "recipe", "no/such.toml"),
    ({"recipe": {}}, "recipe: rendition", "a list of 1-50 renditions"),
    ({"recipe": {"rendition": [{"name": "a", "width": 0}]}}, "recipe: rendition[0].width", "got 0"),
    ({"recipe": MANY}, "recipe", "4096 bytes of environment"),
]


@pytest.mark.parametrize(("args", "path", "words"), BROKEN, ids=[f"{row[1]}-{row[2]}" for row in BROKEN])
def test_a_broken_argument_is_named(args: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(DeploymentError) as refused:
        deploy(args)

    (line,) = refused.value.message.splitlines()
    assert line.startswith(f"`{path}`: expected ")
    assert words in line


def test_enough_is_broken() -> None:
    assert len(BROKEN) >= 25


@pytest.mark.parametrize("name", ["", "Photos", "my_photos", "1st", "photos-", "p" * 41, 7])
def test_a_name_that_no_bucket_could_have_is_refused(name: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(DeploymentError, match="`name`: expected 1-40 lower-case letters"):
        deploy({}, name=name)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(DeploymentError) as refused:
        deploy({"memory_mb": 1, "source": {"prefix": "//"}, "log_level": "LOUD"}, name="")

    told = {problem.path for problem in refused.value.problems}
    assert told == {"name", "memory_mb", "source.prefix", "log_level"}


def test_arguments_that_are_no_table_are_refused() -> None:
    with pytest.raises(DeploymentError, match="`args`: expected a table"):
        read_blueprint("photos", [("memory_mb", 2048)])


def test_mistakes_in_a_recipes_file_have_their_place(tmp_path: Path) -> None:
    recipe = tmp_path / "pixmill.toml"
    recipe.write_text('[[rendition]]\nname = "a"\nwidth = 10\nfit = "covr"\n', "utf-8")

    with pytest.raises(DeploymentError, match=r"`recipe: rendition\[0\].fit`: .*did you mean"):
        deploy({"recipe": recipe})


@pytest.mark.parametrize(
    ("source", "destination"),
    [("", ""), ("", "out"), ("in", ""), ("in", "in"), ("in", "in/out"), ("a/in", "a")],
)
def test_a_destination_that_triggers_the_source_is_refused(source: str, destination: str) -> None:
    args = {
        "source": {"existing_bucket": "photos", "prefix": source},
        "destination": {"existing_bucket": "photos", "prefix": destination},
    }

    with pytest.raises(DeploymentError, match=r"`destination\.prefix`: expected a folder apart"):
        deploy(args)


@pytest.mark.parametrize(("source", "destination"), [("in", "out"), ("in", "in-small")])
def test_folders_apart_in_one_bucket_will_do(source: str, destination: str) -> None:
    args = {
        "source": {"existing_bucket": "photos", "prefix": source},
        "destination": {"existing_bucket": "photos", "prefix": destination},
    }

    assert deploy(args).one("aws:iam/rolePolicy:RolePolicy")


def test_a_destination_that_triggers_the_source_is_refused_when_only_other_resources_tell() -> None:
    def program() -> object:
        place = {"existing_bucket": later("photos")}
        return ImagePipeline("photos", with_bundle({"source": place, "destination": place}))

    with pytest.raises(DeploymentError, match=r"`destination\.prefix`: expected a folder apart"):
        run(program)


@pytest.mark.parametrize(
    "name", ["kms_key_arn", "alarm_topic_arn", "alarm_email", "permissions_boundary_arn"]
)
def test_what_other_resources_tell_is_checked_when_they_tell_it(name: str) -> None:
    def program() -> object:
        return ImagePipeline("photos", with_bundle({name: later("nonsense")}))

    with pytest.raises(DeploymentError, match=f'`{name}`: expected .*, got "nonsense"'):
        run(program)


def test_a_bucket_in_another_region_is_refused() -> None:
    with pytest.raises(DeploymentError, match=r"`source\.existing_bucket`: .*\"photos\", in us-east-1"):
        deploy({"source": {"existing_bucket": "photos"}}, bucket_region="us-east-1")


@pytest.mark.parametrize("region", ["eu-wset-1", "mars-north-1"])
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(DeploymentError, match="`aws:region`: expected a region of AWS"):
        deploy(region=region)


def test_an_unknown_region_that_is_configured_is_refused_at_once() -> None:
    with pytest.raises(DeploymentError, match=r'did you mean "eu-west-[0-9]"'):
        deploy(config={"aws:region": "eu-wset-1"})


def test_an_error_crosses_processes_whole() -> None:
    with pytest.raises(DeploymentError) as refused:
        deploy({"memory_mb": 1})

    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - our own
    assert (again.problems, again.hint) == (refused.value.problems, refused.value.hint)


def test_nothing_said_is_the_same_as_none() -> None:
    """As configuration gives it that was not set."""
    silent = read_blueprint("photos", {"memory_mb": None, "source": {"prefix": None}})

    assert silent == read_blueprint("photos", {})


def test_whole_numbers_may_come_as_other_languages_send_them() -> None:
    assert read_blueprint("photos", {"memory_mb": 2048.0, "log_retention_days": 7.0}).memory_mb == 2048


def test_the_recipe_that_fits_is_deployed_and_one_rendition_more_is_not() -> None:
    """The limit is Lambda's, measured as Lambda does: as JSON, quotes escaped."""
    fits = 0
    for count in range(1, 30):
        try:
            deployed = deploy({"recipe": {"rendition": MANY["rendition"][:count]}})
        except DeploymentError:
            break
        fits = count
        variables = deployed.one("aws:lambda/function:Function")["environment"]["variables"]
        assert len(json.dumps(variables).encode()) <= 4096

    assert 10 <= fits < 29
