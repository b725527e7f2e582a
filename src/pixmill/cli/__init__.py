"""The command line: thin commands over the Python API.

What is read here and in the modules below at import is all that `pixmill --help` pays for; libvips is
loaded by the commands that look at pictures, when they run.
"""

import sys
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from pixmill.cli import terminal
from pixmill.cli.bundle import bundle
from pixmill.cli.check import check
from pixmill.cli.estimate import estimate
from pixmill.cli.exits import Exit
from pixmill.cli.explain import explain
from pixmill.cli.init import init
from pixmill.cli.licenses import licenses
from pixmill.cli.problems import say_error
from pixmill.cli.render import render
from pixmill.cli.serve import serve
from pixmill.cli.sheet import sheet
from pixmill.cli.show import show
from pixmill.cli.sync import sync
from pixmill.cli.watch import watch
from pixmill.errors import Fault, PixmillError, Refused
from pixmill.version import __version__

app = typer.Typer(
    name="pixmill",
    help="Every rendition of every image your recipe declares, with a manifest that says so.",
    epilog="Start with `pixmill init`, then `pixmill sync photos renditions`.",
    context_settings={"help_option_names": ["--help", "-h"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = {
    each.__name__: each
    for each in (init, check, sync, watch, serve, sheet, show, render, estimate, bundle, licenses, explain)
}
for name, command in COMMANDS.items():
    app.command(name)(command)


@app.callback(invoke_without_command=True)
def pixmill(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Show the version, or how to call it."""
    if version:
        terminal.data(f"pixmill {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        terminal.talk(context.get_help())
        raise typer.Exit(Exit.REFUSED)


def main() -> NoReturn:
    """Run the command line and end the process."""
    terminal.prepare()
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except (terminal.ReaderGoneError, BrokenPipeError):
        terminal.silence()
        status = Exit.UNHEARD
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command and say what went wrong, if anything did.

    Returns:
        The exit status, see `Exit`.
    """
    try:
        status = app(arguments, prog_name="pixmill", standalone_mode=False) or Exit.WELL
    except TyperException as error:
        say_error(_usage(error, arguments))
        return Exit.REFUSED
    except PixmillError as error:
        say_error(error)
        return Exit.REFUSED if error.fault is Fault.REQUEST else Exit.FAILED
    if status == Exit.INTERRUPTED:
        terminal.talk("Interrupted. What was finished stays; run it again to do the rest.")
    return status


def _usage(error: TyperException, arguments: list[str]) -> Refused:
    """A mistake in the arguments, as one of ours."""
    command = next((each for each in arguments if each in COMMANDS), None)
    hint = (
        f"`pixmill {command} --help` shows what it takes."
        if command
        else "`pixmill --help` lists the commands."
    )
    return Refused("invalid-option", error.format_message(), hint=hint)
