"""Where parts of the store are kept: a folder, or a bucket by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import fsspec

from autodidact_trainer.store.files import clear_unfinished, write_durably

if TYPE_CHECKING:
    from collections.abc import Sequence


class Place:
    """Files by name, in a folder or under a bucket's URL whose file system fsspec knows (`s3://…`, `gs://…`).

    All methods raise `OSError`.
    """

    def __init__(self, address: str) -> None:
        # One letter before a colon is a drive of Windows.
        self._folder = None if len(urlsplit(address).scheme) > 1 else Path(address)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            clear_unfinished(self._folder)
        self._files, root = fsspec.core.url_to_fs(str(address))
        self._root = root.rstrip("/")
        self._files.makedirs(self._root, exist_ok=True)

    def names(self) -> Sequence[str]:
        """All files, in the order of their names."""
        self._files.invalidate_cache()
        return sorted(name.rsplit("/", 1)[-1] for name in self._files.find(self._root, maxdepth=1))

    def read(self, name: str) -> bytes:
        """A file's content."""
        content: bytes = self._files.cat_file(self._path(name))
        return content

    def write(self, name: str, content: bytes) -> None:
        """Returns once the file is durable, as a whole; else there is none. In a bucket, an object that was put is both."""
        if self._folder is None:
            self._files.pipe_file(self._path(name), content)
        else:
            write_durably(self._folder / name, content)

    def remove(self, name: str) -> None:
        """Takes a file away."""
        self._files.rm_file(self._path(name))

    def rename(self, name: str, to: str) -> None:
        """Gives a file another name."""
        self._files.mv(self._path(name), self._path(to))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"
