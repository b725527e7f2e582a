"""`pixmill sync`."""

from typing import TYPE_CHECKING, Annotated

import typer

import pixmill
from pixmill.cli import words
from pixmill.cli.exits import Exit
from pixmill.cli.recipes import RecipeOption, chosen_recipe
from pixmill.cli.terminal import data, json_line

if TYPE_CHECKING:
    from pixmill.syncing import Summary


def sync(  # noqa: PLR0913 - one for each option
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A folder, or a URL such as s3://bucket/prefix. Only read."),
    ],
    destination: Annotated[
        str, typer.Argument(metavar="DESTINATION", help="Likewise; a folder is made if it is missing.")
    ],
    recipe: RecipeOption = None,
    *,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, metavar="N", help="Originals to work on at a time. Left out: the cores."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only say what would be done.")] = False,
    keep_orphans: Annotated[
        bool, typer.Option("--keep-orphans", help="Keep renditions whose original is gone.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with status 1 if any original is rejected.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line instead of the table.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but what was rejected or failed.")
    ] = False,
) -> int:
    """Bring a destination in line with its source.

    Makes what is missing or stale, removes what has lost its original, and leaves everything else alone.
    """
    from pixmill.cli.progress import telling  # noqa: PLC0415 - it loads stores, which the help does without

    chosen = chosen_recipe(recipe, quiet=quiet)
    with telling(as_json=as_json, dry_run=dry_run, quiet=quiet) as progress:
        summary = pixmill.sync(
            source,
            destination,
            chosen,
            jobs=jobs,
            dry_run=dry_run,
            keep_orphans=keep_orphans,
            progress=progress,
        )
    if as_json:
        json_line({"summary": as_plain(summary, dry_run=dry_run)})
    elif not quiet:
        _report(summary, dry_run=dry_run)
    if summary.interrupted:
        raise KeyboardInterrupt
    return Exit.FAILED if summary.failures or (strict and summary.rejected) else Exit.WELL


def as_plain(summary: "Summary", *, dry_run: bool) -> dict[str, object]:
    """A summary as plain values for a line of JSON."""
    return {
        "dry_run": dry_run,
        "interrupted": summary.interrupted,
        "originals": summary.originals,
        "ignored": summary.ignored,
        "current": summary.current,
        "made": summary.made,
        "rejected": dict(summary.rejected),
        "removed": summary.removed,
        "orphans": summary.orphans,
        "failed": len(summary.failures),
        "renditions": summary.renditions,
        "bytes_in": summary.bytes_in,
        "bytes_out": summary.bytes_out,
        "seconds": round(summary.seconds, 3),
    }


def _report(summary: "Summary", *, dry_run: bool) -> None:
    """A summary for people: one sentence if nothing was to be done, else a table."""
    done = summary.made + summary.rejected.total() + summary.removed + len(summary.failures)
    if not done and not summary.interrupted:
        data(_nothing_to_do(summary))
        return
    from pixmill.cli.report import table  # noqa: PLC0415 - it loads rich

    data(table(summary, dry_run=dry_run))


def _nothing_to_do(summary: "Summary") -> str:
    kept = f" {words.count(summary.orphans, 'orphan')} kept." if summary.orphans else ""
    if not summary.originals:
        return f"There are no originals in the source.{kept}"
    checked = f"{words.count(summary.originals, 'original')} checked in {words.duration(summary.seconds)}"
    return f"Everything is up to date: {checked}.{kept}"
