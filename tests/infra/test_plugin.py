"""The component for the other languages: its schema, and itself in a process of its own."""

import re
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
import yaml
from tests.infra.deployed import bundle
from tests.infra.engine import OUTPUT, PLUGIN, SPECIAL, Engine

from pixmill.infra import ImagePipelineArgs, plugin


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as running:
        yield running


def test_the_committed_schema_is_what_the_analyzer_says() -> None:
    """After a change: python -m pixmill.infra.plugin > plugin/schema.json."""
    assert (PLUGIN / "schema.json").read_text("utf-8") == plugin.schema()


def test_pulumi_finds_the_plugin() -> None:
    assert yaml.safe_load((PLUGIN / "PulumiPlugin.yaml").read_text("utf-8")) == {"runtime": "python"}
    assert (PLUGIN / "requirements.txt").read_text("utf-8").strip() == "pixmill[infra]"


def test_everything_in_the_schema_is_described(engine: Engine) -> None:
    schema = engine.schema()
    (component,) = schema["resources"].values()
    tables = [*schema["types"].values(), component]
    described = [field for table in tables for field in table.get("properties", {}).values()]

    assert all(field.get("description") for field in [*described, *component["inputProperties"].values()])
    names = {re.sub(r"([A-Z])", r"_\1", name).lower() for name in component["inputProperties"]}
    assert names == set(ImagePipelineArgs.__annotations__)


def test_another_language_deploys_a_pipeline(engine: Engine) -> None:
    inputs: dict[str, Any] = {
        "bundle": str(bundle()),
        "memoryMb": 2048,
        "architecture": "x86_64",
        "logLevel": "DEBUG",
        "recipe": {"rendition": [{"name": "tiny", "width": 40, "height": 40}]},
        "source": {
            "prefix": "in",
            "retain": False,
            "forceDestroy": True,
            "corsOrigins": ["https://a.example"],
        },
        "destination": {"existingBucket": "renditions", "prefix": "out"},
        "tags": {"team": "web"},
    }

    state = engine.construct("photos", inputs)

    function = engine.deployed.one("aws:lambda/function:Function")
    assert (function["memorySize"], function["architectures"]) == (2048, ["x86_64"])
    variables = function["environment"]["variables"]
    assert variables["PIXMILL_SOURCE"] == "s3://photos-source-1a2b3c4/in"
    assert variables["PIXMILL_DESTINATION"] == "s3://renditions/out"
    assert '"tiny"' in variables["PIXMILL_RECIPE"]
    bucket = engine.deployed.one("aws:s3/bucket:Bucket")
    assert (bucket["forceDestroy"], bucket.retained, bucket["tags"]) == (True, False, {"team": "web"})
    assert state["upload"] == "aws s3 cp photo.jpg s3://photos-source-1a2b3c4/in/"
    assert "--bucket renditions" in state["eventBridgeCommand"]
    (component,) = engine.schema()["resources"].values()
    assert state.keys() == component["properties"].keys()


def test_another_language_passes_what_its_other_resources_tell(engine: Engine) -> None:
    told = {
        SPECIAL: OUTPUT,
        "value": "originals",
        "dependencies": ["urn:pulumi:test::shop::aws:s3:Bucket::b"],
    }

    engine.construct("photos", {"bundle": str(bundle()), "source": {"existingBucket": told}})

    (rights,) = engine.deployed.all("aws:iam/rolePolicy:RolePolicy")
    assert "arn:aws:s3:::originals/*" in str(rights.policy)


def test_another_language_previews_before_its_other_resources_are_there(engine: Engine) -> None:
    unknown = {SPECIAL: OUTPUT, "dependencies": ["urn:pulumi:test::shop::aws:s3:Bucket::b"]}

    engine.construct("photos", {"bundle": str(bundle()), "source": {"existingBucket": unknown}}, preview=True)

    assert engine.deployed.one("aws:lambda/function:Function")["memorySize"] == 1769


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"memoryMb": 64}, "`memory_mb`: expected an integer 128-10240, got 64"),
        ({"architecture": "arm"}, "architecture"),
        ({"recipe": {"rendition": []}}, "`recipe: rendition`"),
    ],
)
def test_mistakes_reach_another_language(engine: Engine, inputs: dict[str, Any], words: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        engine.construct("photos", {"bundle": str(bundle()), **inputs})

    error: Any = refused.value
    assert words in error.details() + str(error.trailing_metadata())
    assert engine.deployed.made == []
