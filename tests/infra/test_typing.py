"""A type checker finds mistakes in arguments before anything runs, also in nested tables."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """\
from pixmill.infra import ImagePipeline

ImagePipeline("a")
ImagePipeline("b", {"memory_mb": 2048, "recipe": "pixmill.toml", "source": {"existing_bucket": "b"}})
ImagePipeline("c", {"recipe": {"rendition": []}, "architecture": "arm64", "tags": {"a": "b"}})
ImagePipeline("d", transform=lambda kind, name, args, opts: (args, opts))
ImagePipeline("e", {"memory": 2048})  # wrong
ImagePipeline("f", {"source": {"prefx": "in"}})  # wrong
ImagePipeline("g", {"architecture": "arm"})  # wrong
ImagePipeline("h", {"memory_mb": "1 GB"})  # wrong
ImagePipeline("i", {"log_level": "debug"})  # wrong
"""


def test_mistakes_are_found_by_the_type_checker_and_only_they(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(program)]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    told = json.loads(done.stdout)["generalDiagnostics"]
    lines = {each["range"]["start"]["line"] for each in told if each["severity"] == "error"}
    assert lines == {number for number, line in enumerate(PROGRAM.splitlines()) if "# wrong" in line}
