"""Every error Pixmill raises on purpose, and the catalogue of their codes.

An error decides its fate where it is born. `Rejected` means that the original is at fault: it is
recorded once in a manifest and never tried again. `Failed` means that the world is at fault: trying
again may help. `Refused` means that the request is at fault: a recipe, an option, a place. Each one
carries a `code` that `pixmill explain CODE` expands, one plain sentence, and a hint.

Foreign exceptions are translated into these at the edges (the engine's loaders, the storage) and
nowhere else. A bug stays whatever exception it is.
"""

import errno
from enum import StrEnum

import msgspec


class Fault(StrEnum):
    """Who is at fault, and therefore what happens next."""

    ORIGINAL = "rejected"
    WORLD = "failed"
    REQUEST = "refused"


class Code(msgspec.Struct, frozen=True):
    """One row of the catalogue.

    Attributes:
        name: the code itself, in kebab case.
        fault: who is at fault.
        meaning: one sentence on what happened.
        hint: what to do about it.
    """

    name: str
    fault: Fault
    meaning: str
    hint: str


_ROWS = (
    # The original is at fault: a manifest says so, nothing is tried again.
    Code(
        "empty",
        Fault.ORIGINAL,
        "The file has no bytes.",
        "The upload was probably cut off before it began; upload it again.",
    ),
    Code(
        "not-an-image",
        Fault.ORIGINAL,
        "The bytes are not those of any image format, whatever the name says.",
        "Pixmill judges by content, never by name. Open the file on your machine: if it opens there, "
        "export it as JPEG or PNG.",
    ),
    Code(
        "unsupported-format",
        Fault.ORIGINAL,
        "The file is an image, document or variant of one that Pixmill does not read.",
        "Convert it to JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF, BMP or ICO first.",
    ),
    Code(
        "too-many-bytes",
        Fault.ORIGINAL,
        "The file is larger than the recipe allows.",
        "Raise limits.max_bytes in the recipe, or upload a smaller file.",
    ),
    Code(
        "too-many-pixels",
        Fault.ORIGINAL,
        "Width x height x frames is more than the recipe allows.",
        "Raise limits.max_megapixels in the recipe, or upload a smaller picture.",
    ),
    Code(
        "too-long-a-side",
        Fault.ORIGINAL,
        "The width or the height is more than the recipe allows.",
        "Raise limits.max_side in the recipe, or upload a smaller picture.",
    ),
    Code(
        "too-many-frames",
        Fault.ORIGINAL,
        "The animation has more frames than the recipe allows.",
        "Raise limits.max_frames in the recipe, or upload a shorter animation.",
    ),
    Code(
        "too-much-memory",
        Fault.ORIGINAL,
        "Decoding the picture would need more memory than the recipe allows.",
        "Progressive JPEG, interlaced PNG, AVIF and HEIC must be decoded whole. Raise limits.max_memory, or "
        "save the picture as baseline JPEG or non-interlaced PNG.",
    ),
    Code(
        "too-large-for-function",
        Fault.ORIGINAL,
        "Decoding the picture would need more memory than this function has; the recipe would allow it.",
        "Give the function more memory (memory_mb of the pipeline). Or lower limits.max_memory in the "
        "recipe, so that both say the same.",
    ),
    Code(
        "too-much-metadata",
        Fault.ORIGINAL,
        "The file's metadata unpacks to more than any picture needs.",
        "Its colour profile or a text in it is broken or hostile. Export it without metadata.",
    ),
    Code(
        "too-many-parts",
        Fault.ORIGINAL,
        "The file is in more parts than any picture needs.",
        "It is broken, or made to keep decoders busy. Export it again from the program that made it.",
    ),
    Code(
        "truncated",
        Fault.ORIGINAL,
        "The file ends before its picture does.",
        'Upload it again. To serve what is there, set limits.on_truncated = "accept".',
    ),
    Code(
        "corrupt",
        Fault.ORIGINAL,
        "The file begins like an image, but its content cannot be decoded.",
        "Open the file on your machine and export it again.",
    ),
    Code(
        "decoder-crashed",
        Fault.ORIGINAL,
        "The decoder died on this file, twice, alone.",
        "The file is broken or hostile. Export it again from the program that made it.",
    ),
    Code(
        "decoder-too-slow",
        Fault.ORIGINAL,
        "Rendering the picture took a hundred times as long as others take, and was ended.",
        "The file is broken, hostile, or very large for what is made of it. Export it again, or smaller.",
    ),
    # The world is at fault: trying again may help.
    Code(
        "storage-unavailable",
        Fault.WORLD,
        "The storage did not answer as it should.",
        "Run again. If it stays, check the network, the endpoint and the service's status.",
    ),
    Code(
        "permission-denied",
        Fault.WORLD,
        "The storage refused access.",
        "Check the credentials and the permissions on the source (read, list) and the destination (read, "
        "write, list, delete).",
    ),
    Code(
        "no-space",
        Fault.WORLD,
        "The destination has no space left.",
        "Free some space and run again; what was finished stays.",
    ),
    Code(
        "place-taken",
        Fault.WORLD,
        "Where a file has to be there is a folder, or where its folder has to be there is a file.",
        "Rename or remove what is in the way: on a disk `a.jpg` cannot be a file and a folder at once.",
    ),
    Code(
        "changed-meanwhile",
        Fault.WORLD,
        "The original or its renditions kept changing while they were worked on.",
        "Run again when the uploads have settled.",
    ),
    Code(
        "worker-lost",
        Fault.WORLD,
        "A worker process was ended from outside.",
        "Run again. If it stays, the machine is short of memory: use fewer --jobs.",
    ),
    Code(
        "unknown-event",
        Fault.WORLD,
        "An event, or a record of one, is in no form that Pixmill knows.",
        "It is tried again and then kept in the dead-letter queue. docs/events.md lists what is understood: "
        "send that, or stop sending this.",
    ),
    Code(
        "packages-unavailable",
        Fault.WORLD,
        "A package that the bundle needs could not be fetched, or is not the one that was locked.",
        "The message is uv's own. Check the network and the index that uv is set to; never take a package "
        "whose hash does not match.",
    ),
    Code(
        "bundle-unfit",
        Fault.WORLD,
        "The bundle as built could not run on Lambda.",
        "Please report it with the message; nothing was written.",
    ),
    Code(
        "out-of-time",
        Fault.WORLD,
        "The function's time was running out, so the original was not begun, or not finished.",
        "It is delivered again by itself. If it happens often, give the function more time or smaller "
        "batches.",
    ),
    Code(
        "internal-error",
        Fault.WORLD,
        "Pixmill itself made a mistake on this original.",
        "Please report it with the file and the message; the other originals are not affected.",
    ),
    # The request is at fault: nothing was done.
    Code(
        "invalid-recipe",
        Fault.REQUEST,
        "The recipe has mistakes.",
        "Each line names the field, what was expected and what came. docs/recipe.md describes every field.",
    ),
    Code(
        "recipe-not-found",
        Fault.REQUEST,
        "There is no recipe at that place.",
        "Run `pixmill init` to write one, or leave --recipe out to use the default.",
    ),
    Code(
        "source-not-found",
        Fault.REQUEST,
        "The source does not exist.",
        "Check the spelling. A source is a folder or a URL such as s3://bucket/prefix.",
    ),
    Code(
        "invalid-location",
        Fault.REQUEST,
        "The place is neither a folder nor a URL that Pixmill knows.",
        "Use a folder, file://, s3://, gs://, az:// or memory://.",
    ),
    Code(
        "overlapping-stores",
        Fault.REQUEST,
        "Source and destination overlap, so renditions would become originals.",
        "Choose a destination outside the source, and a source outside the destination.",
    ),
    Code(
        "foreign-objects",
        Fault.REQUEST,
        "The destination holds files that Pixmill did not make where its renditions would go.",
        "Choose an empty destination, or move those files away: a sync would take them for leftovers.",
    ),
    Code(
        "destination-busy",
        Fault.REQUEST,
        "Another sync is at work on this destination.",
        "Wait for it to end, or stop it.",
    ),
    Code(
        "file-exists",
        Fault.REQUEST,
        "A file of that name exists already.",
        "Give --force to overwrite it, or choose another name.",
    ),
    Code(
        "uv-not-found",
        Fault.REQUEST,
        "Building the bundle needs uv, which is not here.",
        "Install it beside Pixmill (`pip install uv`) or anywhere on the PATH.",
    ),
    Code(
        "python-not-found",
        Fault.REQUEST,
        "There is no Python of the bundle's version here to write bytecode with.",
        "Install it, give --precompile no to ship sources alone, or choose another --python.",
    ),
    Code(
        "invalid-option",
        Fault.REQUEST,
        "An option has a value that it cannot have.",
        "Run the command with --help to see what it takes.",
    ),
    Code(
        "invalid-deployment",
        Fault.REQUEST,
        "What is to be deployed has mistakes.",
        "Each line names the argument, what was expected and what came. Nothing was deployed.",
    ),
    Code(
        "package-missing",
        Fault.REQUEST,
        "A package that this command needs is not installed.",
        "Install it with `pip install 'pixmill[local]'`.",
    ),
    Code(
        "address-unusable",
        Fault.REQUEST,
        "The server cannot listen at that address.",
        "Choose another --port (0 takes any that is free) or another --host.",
    ),
    Code(
        "remote-refused",
        Fault.REQUEST,
        "Other machines could reach the server, which was not allowed.",
        "Leave --host out, or give --allow-remote: then a token is needed to come in.",
    ),
    Code(
        "token-needed",
        Fault.REQUEST,
        "The server lets in only those who have its token.",
        "Open the address that `pixmill serve` printed, or send the token as `Authorization: Bearer TOKEN`.",
    ),
    Code(
        "foreign-request",
        Fault.REQUEST,
        "The request did not come from the server's own page.",
        "Use the page at the address that `pixmill serve` printed. A program sends X-Pixmill: 1 and the "
        "server's own Origin, or a token.",
    ),
    Code(
        "invalid-request",
        Fault.REQUEST,
        "The request is not one that the server understands.",
        "Reload the page.",
    ),
    Code(
        "not-found",
        Fault.REQUEST,
        "There is nothing at that address.",
        "Reload the page: it may have been removed meanwhile.",
    ),
    Code(
        "read-only",
        Fault.REQUEST,
        "Originals are not deleted from the page.",
        "Delete it where it is, or start with `pixmill serve --writable`.",
    ),
    Code(
        "unusable-name",
        Fault.REQUEST,
        "A file of that name is no original, or cannot be one.",
        "Give it another name.",
    ),
    Code(
        "invalid-settings",
        Fault.REQUEST,
        "The environment of a deployed function lacks a setting, or has one that cannot be.",
        "The deployment writes these variables; deploy again rather than edit them by hand.",
    ),
    Code(
        "unknown-code",
        Fault.REQUEST,
        "There is no error code of that name.",
        "Run `pixmill explain` without a code to list them all.",
    ),
)

_OF_THE_SYSTEM = {
    errno.ENOSPC: "no-space",
    errno.EDQUOT: "no-space",
    errno.EACCES: "permission-denied",
    errno.EPERM: "permission-denied",
    errno.EROFS: "permission-denied",
    errno.ENOTDIR: "place-taken",
    errno.EISDIR: "place-taken",
}

CODES: dict[str, Code] = {row.name: row for row in _ROWS}
"""Every code by its name, in the order in which `pixmill explain` lists them."""


class PixmillError(Exception):
    """The base of all errors that Pixmill raises on purpose.

    Args:
        code: a name in `CODES`.
        message: one plain sentence on this very case; the code's meaning if left out.
        hint: what to do about this very case; the code's hint if left out.

    Attributes:
        fault: who is at fault; a subclass takes codes of one fault only.

    Raises:
        KeyError: the code is not in the catalogue.
        ValueError: the code belongs to another class of error.
    """

    fault: Fault

    def __init__(self, code: str, message: str | None = None, *, hint: str | None = None) -> None:
        row = CODES[code]
        if row.fault is not self.fault:
            raise ValueError(f"{code} is a code for {row.fault}, not for {self.fault}")
        self.code = code
        self.message = message or row.meaning
        self.hint = hint or row.hint
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process boundaries whole."""
        return _rebuild, (type(self), self.code, self.message, self.hint)

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later without anybody changing anything."""
        return self.fault is Fault.WORLD


class Rejected(PixmillError):  # noqa: N818 - the vocabulary's own word
    """The original itself is at fault: recorded once, never retried."""

    fault = Fault.ORIGINAL


class Failed(PixmillError):  # noqa: N818 - the vocabulary's own word
    """The world is at fault: retried, then reported."""

    fault = Fault.WORLD


class Refused(PixmillError):  # noqa: N818 - the vocabulary's own word
    """The request is at fault: nothing was done."""

    fault = Fault.REQUEST


def _rebuild(kind: type[PixmillError], code: str, message: str, hint: str) -> PixmillError:
    return kind(code, message, hint=hint)


def code_of(error: OSError) -> str:
    """The code, of a `Failed`, for what the operating system says of a file."""
    return _OF_THE_SYSTEM.get(error.errno or 0, "storage-unavailable")
