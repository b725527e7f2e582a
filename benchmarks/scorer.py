"""SSIMULACRA2 of pairs of pictures, in an environment of its own: two paths in, one score out."""

import json
import sys

from ssimulacra2 import compute_ssimulacra2  # pyright: ignore[reportMissingImports]

for line in sys.stdin:
    reference, distorted = json.loads(line)
    print(json.dumps(compute_ssimulacra2(reference, distorted)), flush=True)
