"""Unpacks a source package or a wheel into a new folder, trusting nothing in it.

Only regular files with plain relative names are written, up to a number and a size; links, devices and names that
lead out of the folder are left out.  The one folder that a source package wraps everything in is dropped.

Usage: ``python unpack.py ARCHIVE FOLDER``.  Prints one JSON object: ``{"files", "bytes", "leftOut"}``, or
``{"problem", "detail"}``.
"""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_FILES = 50_000
MAX_BYTES = 1024 * 1024 * 1024


class UnpackError(Exception):
    """An archive that is refused as a whole: ``problem`` is one of damaged, too-large, unknown-form."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


@dataclass(frozen=True)
class Member:
    """A regular file in an archive."""

    name: str
    size: int
    open: Callable[[], IO[bytes] | None]


def tar_members(archive: Path) -> Iterator[Member | None]:
    """Give the regular files of a tar archive, and None for what is none."""
    with tarfile.open(archive) as tar:
        for entry in tar:
            if entry.isfile():
                yield Member(entry.name, entry.size, partial(tar.extractfile, entry))
            elif not entry.isdir():
                yield None


def zip_members(archive: Path) -> Iterator[Member | None]:
    """Give the regular files of a zip archive."""
    with zipfile.ZipFile(archive) as zipped:
        for entry in zipped.infolist():
            if not entry.is_dir():
                yield Member(entry.filename, entry.file_size, partial(zipped.open, entry))


def safe_path(name: str) -> PurePosixPath | None:
    """Read a member's name as a path inside of the folder; None where it is not one on every platform."""
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or ":" in name or "\0" in name:
        return None
    return None if not path.parts or ".." in path.parts else path


def unpack(archive: Path, folder: Path) -> dict[str, int]:
    """Write the members below the folder and count them."""
    if zipfile.is_zipfile(archive):
        members = zip_members(archive)
    elif tarfile.is_tarfile(archive):
        members = tar_members(archive)
    else:
        raise UnpackError("unknown-form", f"{archive.name} is neither a tar nor a zip archive.")
    wrapped = archive.suffix != ".whl"
    files = total = left_out = 0
    for member in members:
        path = None if member is None else safe_path(member.name)
        inner = path.parts[1:] if path is not None and wrapped else path.parts if path is not None else ()
        source = member.open() if member is not None and inner else None
        if member is None or source is None:
            left_out += 1
            continue
        files += 1
        total += member.size
        if files > MAX_FILES or total > MAX_BYTES:
            raise UnpackError(
                "too-large",
                f"{archive.name} holds more than {MAX_FILES} files or {MAX_BYTES // 1024 // 1024} MiB.",
            )
        target = folder.joinpath(*inner)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as written:
            shutil.copyfileobj(source, written)
    return {"files": files, "bytes": total, "leftOut": left_out}


def main() -> None:
    """Read the arguments and print what was unpacked, or why nothing was."""
    archive, folder = map(Path, sys.argv[1:])
    result: dict[str, int] | dict[str, str]
    try:
        result = unpack(archive, folder)
    except UnpackError as error:
        result = {"problem": error.problem, "detail": str(error)}
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        result = {"problem": "damaged", "detail": f"{archive.name} cannot be unpacked: {error}"}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
