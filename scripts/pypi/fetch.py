"""Downloads the source of one package from a package index, and runs none of it.

``pip download`` asks a source package for its metadata, which executes the package's own build code.  This script
only borrows pip's view of the machine (index, find-links, proxies, certificates, credentials), reads the index
itself, and leaves the file in a folder.  A wheel is taken where a version has no source package.

Usage: ``python fetch.py NAME VERSION SHA256 FOLDER``, VERSION and SHA256 empty for any.
Prints one JSON object: ``{"file", "version", "form", "sha256"}``, or ``{"problem", "detail"}`` where there is none.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import url2pathname

from pip._internal.commands import create_command
from pip._internal.commands.download import DownloadCommand
from pip._vendor.packaging.tags import sys_tags
from pip._vendor.packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.requests.exceptions import RequestException

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
NOT_FOUND = 404
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


class Response(Protocol):
    """What is used of an answer."""

    status_code: int
    headers: Mapping[str, str]
    url: str
    text: str

    def raise_for_status(self) -> None:
        """Raise where the status is that of an error."""

    def json(self) -> Any:
        """Read the content as JSON."""

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        """Give the content in parts."""


class Session(Protocol):
    """What is used of pip's connection, which has no types."""

    def get(self, url: str, *, headers: Mapping[str, str], stream: bool = ...) -> Response:
        """Ask for a page."""


class FetchError(Exception):
    """A file that cannot be had: ``problem`` is one of no-package, no-version, unreachable, damaged, too-large."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


@dataclass(frozen=True)
class IndexFile:
    """A file that an index or a folder offers."""

    name: str
    url: str
    sha256: str
    yanked: bool


@dataclass(frozen=True)
class Candidate:
    """An offered file that holds the package."""

    file: IndexFile
    version: Version
    form: str


class Links(HTMLParser):
    """Collects the links of an index page (PEP 503)."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.files: list[IndexFile] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an anchor points at."""
        values = dict(attrs)
        target = values.get("href")
        if tag == "base" and target:
            self.base = urljoin(self.base, target)
        if tag == "a" and target:
            url, fragment = urldefrag(urljoin(self.base, target))
            sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
            name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
            self.files.append(IndexFile(name, url, sha256, "data-yanked" in values))


def read_page(session: Session, url: str) -> list[IndexFile]:
    """Read an index page in either of its forms; none where the index has no such page."""
    response = session.get(url, headers={"Accept": ACCEPT})
    if response.status_code == NOT_FOUND:
        return []
    response.raise_for_status()
    if "json" in response.headers.get("Content-Type", ""):
        return [
            IndexFile(
                file["filename"],
                urljoin(response.url, file["url"]),
                file.get("hashes", {}).get("sha256", ""),
                bool(file.get("yanked", False)),
            )
            for file in response.json()["files"]
        ]
    links = Links(response.url)
    links.feed(response.text)
    return links.files


def read_find_links(session: Session, place: str) -> list[IndexFile]:
    """Read a folder or a page that ``--find-links`` names."""
    parts = urlsplit(place)
    if parts.scheme in {"http", "https"}:
        return read_page(session, place)
    folder = Path(url2pathname(parts.path) if parts.scheme == "file" else place)
    if not folder.is_dir():
        return []
    return [IndexFile(path.name, path.resolve().as_uri(), "", yanked=False) for path in folder.iterdir()]


def as_candidate(file: IndexFile, name: str, tags: frozenset[str]) -> Candidate | None:
    """Tell whether a file is a source package or a fitting wheel of the package, and of which version."""
    try:
        if file.name.endswith(".whl"):
            found, version, _, wheel_tags = parse_wheel_filename(file.name)
            form = "wheel"
            if tags.isdisjoint(str(tag) for tag in wheel_tags):
                return None
        else:
            found, version = parse_sdist_filename(file.name)
            form = "source"
    except (InvalidSdistFilename, InvalidWheelFilename, InvalidVersion):
        return None
    return Candidate(file, version, form) if found == canonicalize_name(name) else None


def choose(candidates: list[Candidate], name: str, wanted: str, sha256: str) -> Candidate:
    """Take the wanted version, else the newest final one that was not withdrawn; a source package before a wheel."""
    if not candidates:
        raise FetchError("no-package", f"The package index has no package {name}.")
    if wanted:
        fitting = [candidate for candidate in candidates if candidate.version == Version(wanted)]
    else:
        usable = [candidate for candidate in candidates if not candidate.file.yanked]
        fitting = [candidate for candidate in usable if not candidate.version.is_prerelease] or usable
    if sha256:
        fitting = [candidate for candidate in fitting if candidate.file.sha256 in {"", sha256}]
    if not fitting:
        newest = sorted({candidate.version for candidate in candidates}, reverse=True)[:5]
        raise FetchError(
            "no-version", f"{name} has no version {wanted}. Its newest are {', '.join(map(str, newest))}."
        )
    return max(
        fitting,
        key=lambda candidate: (
            candidate.version,
            sha256 != "" and candidate.file.sha256 == sha256,
            candidate.form == "source",
        ),
    )


def chunks(session: Session, url: str) -> Iterator[bytes]:
    """Give the content of a file in parts."""
    if url.startswith("file:"):
        yield Path(url2pathname(urlsplit(url).path)).read_bytes()
        return
    response = session.get(url, stream=True, headers={"Accept-Encoding": "identity"})
    response.raise_for_status()
    yield from response.iter_content(CHUNK_BYTES)


def download(session: Session, file: IndexFile, sha256: str, folder: Path) -> str:
    """Write the file into the folder and check its hash; give the hash."""
    digest = hashlib.sha256()
    size = 0
    with (folder / file.name).open("wb") as target:
        for chunk in chunks(session, file.url):
            size += len(chunk)
            if size > MAX_BYTES:
                raise FetchError("too-large", f"{file.name} is larger than {MAX_BYTES // 1024 // 1024} MiB.")
            digest.update(chunk)
            target.write(chunk)
    found = digest.hexdigest()
    for expected in (sha256, file.sha256):
        if expected not in {"", found}:
            raise FetchError("damaged", f"{file.name} has the hash {found} instead of {expected}.")
    return found


def fetch(name: str, version: str, sha256: str, folder: Path) -> dict[str, str]:
    """Find and download the package, and say what came."""
    command = create_command("download")
    if not isinstance(command, DownloadCommand):
        raise TypeError
    with command.main_context():
        options, _ = command.parse_args([name])
        session = cast("Session", command.get_default_session(options))
        tags = frozenset(str(tag) for tag in sys_tags())
        indexes = [] if options.no_index else [options.index_url, *options.extra_index_urls]
        pages = [f"{index.rstrip('/')}/{canonicalize_name(name)}/" for index in indexes]
        files = [file for place in options.find_links for file in read_find_links(session, place)]
        try:
            files += [file for page in pages for file in read_page(session, page)]
            found = [as_candidate(file, name, tags) for file in files]
            candidates = [candidate for candidate in found if candidate is not None]
            chosen = choose(candidates, name, version, sha256)
            digest = download(session, chosen.file, sha256, folder)
        except RequestException as error:
            status = "" if error.response is None else f" {error.response.status_code}"
            raise FetchError(
                "unreachable", f"The package index cannot be reached: {type(error).__name__}{status}."
            ) from error
    return {"file": chosen.file.name, "version": str(chosen.version), "form": chosen.form, "sha256": digest}


def main() -> None:
    """Read the arguments and print what came, or why nothing did."""
    name, version, sha256, folder = sys.argv[1:]
    try:
        result = fetch(name, version, sha256, Path(folder))
    except FetchError as error:
        result = {"problem": error.problem, "detail": str(error)}
    except InvalidVersion:
        result = {"problem": "no-version", "detail": f"{version} is no version number."}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
