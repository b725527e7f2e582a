"""The worker in a process of its own: `python -m tests.faults.function`.

Events come in line by line, answers go out line by line, as if over Lambda's Runtime API; the handler is the
one that Lambda calls, and knows of nothing but its environment. What it prints is its log, on standard error.
"""

import json
import os
import sys
import time

from pixmill.aws.worker import handler


class Invocation:
    """What Lambda tells of an invocation."""

    memory_limit_in_mb: int | str = 1024

    def __init__(self, request: str, seconds: float) -> None:
        self.aws_request_id = request
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


def main() -> None:
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        answers.write("ready\n")
        answers.flush()
        for number, line in enumerate(sys.stdin):
            asked = json.loads(line)
            answer = handler(asked["event"], Invocation(f"{os.getpid()}-{number}", asked["seconds"]))
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
