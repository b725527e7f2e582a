"""The command line: thin commands over the Python API.

What is imported here is all that `pixmill --help` pays for. A command is imported when it is called, rich
when there is more to print than plain lines, and libvips when a picture is looked at.
"""

import sys
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from pixmill.cli import commands, terminal
from pixmill.cli.exits import Exit
from pixmill.errors import Fault, PixmillError, Refused
from pixmill.version import __version__

app = typer.Typer(
    name="pixmill",
    cls=commands.Commands,
    help="Every rendition of every image your recipe declares, with a manifest that says so.",
    epilog="Start with `pixmill init`, then `pixmill sync photos renditions`.",
    context_settings={"help_option_names": ["--help", "-h"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
commands.add_to(app)


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
        _say(_usage(error, arguments))
        return Exit.REFUSED
    except PixmillError as error:
        _say(error)
        return Exit.REFUSED if error.fault is Fault.REQUEST else Exit.FAILED
    if status == Exit.INTERRUPTED:
        terminal.talk("Interrupted. What was finished stays; run it again to do the rest.")
    return status


def _say(error: PixmillError) -> None:
    from pixmill.cli.problems import say_error  # noqa: PLC0415 - for whoever makes none

    say_error(error)


def _usage(error: TyperException, arguments: list[str]) -> Refused:
    """A mistake in the arguments, as one of ours."""
    command = next((each for each in arguments if each in commands.SUMMARIES), None)
    hint = (
        f"`pixmill {command} --help` shows what it takes."
        if command
        else "`pixmill --help` lists the commands."
    )
    return Refused("invalid-option", error.format_message(), hint=hint)
