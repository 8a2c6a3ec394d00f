"""Finds a model's weights in the folder that Ollama keeps its models in."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_MANIFESTS = 20_000
LARGEST_MANIFEST = 1024 * 1024

_MODEL = "application/vnd.ollama.image.model"
_ADAPTER = "application/vnd.ollama.image.adapter"


class _Layer(BaseModel):
    media_type: Annotated[str, Field(alias="mediaType")]
    # The pattern keeps what becomes a part of a path from being anything else.
    digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class _Manifest(BaseModel):
    layers: list[_Layer]


def find_weights(store: Path, digest: str) -> Path:
    """The GGUF file of the model with this digest, which is the SHA-256 of its manifest, as Ollama tells it.

    Raises `TrainerError`: `not-in-store`, `store-damaged` where the file is gone, `adapter-base` where the model is a
    base with adapters, so that its file alone is not what was sampled.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise TrainerError(
            "not-in-store",
            f"'{digest}' is no digest of Ollama's. Name a folder with the model's safetensors.",
        )
    for path in _manifests(store / "manifests"):
        content = path.read_bytes()
        if sha256(content).hexdigest() == digest:
            return _weights(store, path, content)
    raise TrainerError(
        "not-in-store", f"{store} has no model with the digest {digest[:12]}. Pull or create it."
    )


def _manifests(folder: Path) -> Iterator[Path]:
    seen = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= LARGEST_MANIFEST:
            seen += 1
            if seen > MOST_MANIFESTS:
                return
            yield path


def _weights(store: Path, manifest: Path, content: bytes) -> Path:
    try:
        layers = _Manifest.model_validate_json(content).layers
    except ValidationError as error:
        raise TrainerError("store-damaged", f"{manifest} is no manifest of a model.") from error
    if any(layer.media_type == _ADAPTER for layer in layers):
        raise TrainerError("adapter-base", f"{manifest} is a base with adapters. Train its base instead.")
    models = [layer for layer in layers if layer.media_type == _MODEL]
    if len(models) != 1:
        raise TrainerError(
            "store-damaged", f"{manifest} has {len(models)} files of weights; one is expected."
        )
    path = store / "blobs" / models[0].digest.replace(":", "-")
    if not path.is_file():
        raise TrainerError("store-damaged", f"{path} is missing. Pull the model again.")
    return path
