"""Weights are found by the digest that records name."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.base.ollama_store import find_weights
from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    from pathlib import Path

MODEL = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{'a' * 64}"}
TEMPLATE = {"mediaType": "application/vnd.ollama.image.template", "digest": f"sha256:{'b' * 64}"}
ADAPTER = {"mediaType": "application/vnd.ollama.image.adapter", "digest": f"sha256:{'c' * 64}"}


def store_with(folder: Path, layers: Any) -> str:
    """Puts a model's manifest into a store, as Ollama does; gives its digest."""
    manifest = folder / "manifests" / "registry" / "library" / "tiny" / "latest"
    manifest.parent.mkdir(parents=True)
    content = json.dumps({"schemaVersion": 2, "layers": layers}).encode()
    manifest.write_bytes(content)
    (folder / "blobs").mkdir()
    (folder / "blobs" / f"sha256-{'a' * 64}").write_bytes(b"GGUF")
    return sha256(content).hexdigest()


def reason_of(store: Path, digest: str) -> str:
    """Why a model is not found."""
    with pytest.raises(TrainerError) as caught:
        find_weights(store, digest)
    return caught.value.reason


def test_finds_the_file_of_weights(tmp_path: Path) -> None:
    digest = store_with(tmp_path, [TEMPLATE, MODEL])
    assert find_weights(tmp_path, digest).read_bytes() == b"GGUF"


@pytest.mark.parametrize("digest", ["0" * 64, "told-1234", "", "../" * 21 + "x"])
def test_what_is_not_there(tmp_path: Path, digest: str) -> None:
    store_with(tmp_path, [MODEL])
    assert reason_of(tmp_path, digest) == "not-in-store"
    assert reason_of(tmp_path / "nowhere", digest) == "not-in-store"


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ([MODEL, ADAPTER], "adapter-base"),
        ([TEMPLATE], "store-damaged"),
        ([MODEL, MODEL], "store-damaged"),
        ("nothing", "store-damaged"),
        ([{**MODEL, "digest": "sha256:../../etc/passwd"}], "store-damaged"),
        ([{**MODEL, "digest": f"sha256:{'d' * 64}"}], "store-damaged"),
    ],
)
def test_what_cannot_be_trained_says_why(tmp_path: Path, layers: Any, reason: str) -> None:
    assert reason_of(tmp_path, store_with(tmp_path, layers)) == reason


def test_a_file_that_is_cut_off_or_of_another_kind_is_refused(tmp_path: Path, smollm2: Path) -> None:
    for name, content in (("cut", smollm2.read_bytes()[:5000]), ("other", b"PK" * 1000), ("empty", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TrainerError) as caught:
            read_gguf(path)
        assert caught.value.reason == "unreadable-weights"


def test_an_architecture_whose_layers_are_not_known_is_refused(smollm2: Path) -> None:
    with pytest.raises(TrainerError) as caught:
        load_base(smollm2, "mamba")
    assert caught.value.reason == "unknown-architecture"
