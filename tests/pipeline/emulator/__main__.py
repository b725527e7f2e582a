"""The emulator's own start: ministack, which here runs functions and asks for rights as AWS does.

    python emulator --python PYTHON --libraries FOLDERS

Runs by itself, with ministack on its path; tests never import it. PYTHON runs the functions, and FOLDERS,
as a search path, hold what Lambda's runtime brings along. Whoever starts it holds its standard input: when
that closes, however that came about, it ends.
"""

import argparse
import os
import signal
import sys
import threading

import deliveries
import functions
import rights

# Ministack is installed apart from what the tests run with, which does not see it.
from ministack import app  # pyright: ignore[reportMissingImports]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--libraries", required=True)
    asked = parser.parse_args()
    sys.argv[1:] = []  # or ministack would read them
    threading.Thread(target=_end_with_input, daemon=True).start()
    functions.run_on_lambda_runtime(asked.python, asked.libraries)
    rights.ask_for_queues()
    rights.ask_for_misses()
    rights.let_stars_match_everything()
    rights.take_loopback_for_tls()
    rights.tell_what_is_used()
    deliveries.ask_for_events()
    deliveries.ask_for_alarms()
    app.main()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


main()
