"""`python -m pixmill.cli` is `pixmill`."""

from pixmill.cli import main

main()
