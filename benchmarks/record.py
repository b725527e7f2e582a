"""What a run found, in the shape of `results/latest.json`. Everything that is shown comes from there."""

import json
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from budgets import BASELINE, Record, mean_ratios
from harness import Result, ratio
from packages import HERE
from peers import CONTENDERS, OURS
from photos import Case

DEBIAN = ("libvips-tools", "imagemagick", "parallel", "libjpeg62-turbo")


def begun(rounds: int, absent: dict[str, str]) -> Record:
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "rounds": rounds,
        "left_out": absent,
    }


def speed(results: Iterable[tuple[Case, Result]]) -> Record:
    cases = [_case(case, result) for case, result in results]
    return {"cases": cases, "geometric_mean_of_cpu_ratios": mean_ratios(cases, BASELINE)}


def save(record: Record, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _case(case: Case, result: Result) -> Record:
    peers = [name for name in result if name != OURS]
    return {
        "name": case.name,
        "group": case.group,
        "photos": len(case.photos),
        "bytes_in": case.bytes,
        "contenders": {
            name: {
                "cpu_ms": round(times.cpu_ms, 3),
                "wall_ms": round(times.wall_ms, 3),
                "cpu_ms_by_round": [round(seconds * 1e3, 3) for seconds in times.cpu],
                "wall_ms_by_round": [round(seconds * 1e3, 3) for seconds in times.wall],
                "bytes_out": times.bytes_out,
            }
            for name, times in result.items()
        },
        "pixmill_cpu_ratio_to": {name: round(ratio(result, OURS, name), 4) for name in peers},
    }


def machine() -> Record:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": len(names),
        "architecture": platform.machine(),
    }


def versions() -> dict[str, str]:
    packages = ("pixmill", "pillow", "pyvips", "pyvips-binary", "pyjpegli", "pi-heif")
    npm = json.loads((CONTENDERS / "package.json").read_text())["dependencies"]
    own = {name: version(name) for name in packages}
    return {"python": platform.python_version(), **own, **npm, **locked(), **debian()}


def locked() -> dict[str, str]:
    """Of what the bench installs into environments of its own."""
    text = "".join(path.read_text("utf-8") for path in sorted(HERE.glob("*.txt")))
    return dict(re.findall(r"^(thumbor|pillow-simd|ssimulacra2)==([^ \\]+)", text, re.MULTILINE))


def debian() -> dict[str, str]:
    query = shutil.which("dpkg-query")
    if query is None:
        return {}
    command = [query, "--show", "--showformat", "${Package} ${Version}\\n", *DEBIAN]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return dict(line.split() for line in listed if line.count(" ") == 1 and not line.endswith(" "))
