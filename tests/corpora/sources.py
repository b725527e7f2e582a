"""The list of archives that hold pictures, and how an archive becomes a folder of them in build/corpora."""

import hashlib
import shutil
import tarfile
from pathlib import Path
from typing import Literal, NamedTuple, cast

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / "build" / "corpora"

Client = Literal["apt", "npm"]

_MOST_BYTES = 25 << 20
_SUFFIXES = """
apng avif bmp bpp bw cr2 crw cur dcx dds dib dng emf eps exr fits gbr gif hdr heic heif hif
icns ico im iptc j2c j2k jfif jng jp2 jpe jpeg jpf jpg jpx jxl mic mpo mrw msp nef orf pbm pcd
pcx pdf pgf pgm png pnm poc ppm ps psd pxr qoi raf ras rgb rw2 sgi spider sr2 svg svgz svs tga
tif tiff wal webp wmf xbm xpm
"""
_PICTURES = frozenset(_SUFFIXES.split())


class Source(NamedTuple):
    """One archive: who fetches it, under which name, and what of it is wanted.

    Attributes:
        name: of the corpus, first part of the names of its files.
        client: who fetches it.
        package: as the client knows it.
        archive: the file that the client leaves.
        sha256: of the archive.
        folders: of the archive that hold pictures.
    """

    name: str
    client: Client
    package: str
    archive: str
    sha256: str
    folders: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its pictures are once it is unpacked; the hash in the name keeps versions apart."""
        return CACHE / f"{self.name}-{self.sha256[:12]}"

    def is_in(self, archive: Path) -> bool:
        """Whether a file is this archive, to the last byte."""
        if not archive.is_file():
            return False
        with archive.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256

    def unpack(self, archive: Path) -> None:
        """Take the pictures out of the archive; all of them or, if this is cut short, none."""
        partial = self.folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        with tarfile.open(archive) as tar:
            for member in tar:
                name = self._name(member)
                file = tar.extractfile(member) if name else None
                if name and file:
                    target = partial / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(file.read())
        partial.rename(self.folder)

    def pictures(self) -> dict[str, Path]:
        """Its files by name."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return {f"{self.name}/{path.relative_to(self.folder).as_posix()}": path for path in found}

    def _name(self, member: tarfile.TarInfo) -> str:
        """What a member is called here, below the archive's own top folder; nothing if it is not wanted."""
        _, _, name = member.name.partition("/")
        plain = member.isfile() and 0 < member.size <= _MOST_BYTES and ".." not in Path(name).parts
        wanted = name.startswith(tuple(f"{folder}/" for folder in self.folders))
        suffix = name.rpartition(".")[2].lower()
        return name if plain and wanted and suffix in _PICTURES and name.isprintable() else ""


def listed() -> tuple[Source, ...]:
    """All sources, as sources.tsv has them."""
    lines = [line for line in (HERE / "sources.tsv").read_text().splitlines() if not line.startswith("#")]
    return tuple(_source(line.split("\t")) for line in lines[1:])


def _source(row: list[str]) -> Source:
    name, client, package, archive, sha256, folders = row
    return Source(name, cast("Client", client), package, archive, sha256, tuple(folders.split()))
