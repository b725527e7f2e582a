"""`pixmill licenses` names all that is passed on."""

import json

from tests.cli.command import Run


def test_the_table_has_a_line_for_each_package_and_library(quick: Run) -> None:
    done = quick("licenses")

    assert (done.status, done.err) == (0, "")
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "MIT-CMU" in lines["pillow"]
    assert "LGPL-3.0-or-later" in lines["libheif"]
    assert "unknown" not in done.out


def test_json_says_the_same(quick: Run) -> None:
    found = json.loads(quick("licenses", "--json").out)

    assert len(found) == len(quick("licenses").out.splitlines()) - 1
    assert [each["licence"] for each in found if each["name"] == "pixmill"] == ["Apache-2.0"]
    assert {each["within"] for each in found if each["name"] == "libvips"} == {"pyvips-binary"}
