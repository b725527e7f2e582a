"""Run by the bundle's own Python, with nothing but the bundle to import from: FOLDER PICTURE ... -> JSON."""

import json
import pkgutil
import sys
from importlib import import_module


def main(folder: str, *pictures: str) -> None:
    sys.path.insert(0, folder)
    pixmill = import_module("pixmill")
    modules = sorted(each.name for each in pkgutil.walk_packages(pixmill.__path__, "pixmill."))
    for name in modules:
        import_module(name)
    rendered = {
        path: [
            (each.rendition, each.width, each.height) for each in pixmill.render(path).outputs if each.data
        ]
        for path in pictures
    }
    loaded = {
        name: getattr(module, "__file__", None) for name, module in sys.modules.items() if name != "__main__"
    }
    told = {
        "version": sys.version.split()[0],
        "modules": modules,
        "rendered": rendered,
        "loaded": loaded,
        "libraries": [
            getattr(getattr(import_module(f"pixmill.engine.{module}"), name), "_name", None)
            for module, name in (("libjpeg", "LIBRARY"), ("lanczos", "_library"))
        ],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
