"""What several tests share: the real model, where it is, and records of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.ollama_store import find_weights
from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.rollouts.reading import BadLine, read_groups

if TYPE_CHECKING:
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup

RECORDED = Path(__file__).parent / "data" / "groups.ndjson"


@pytest.fixture(scope="session")
def recorded() -> list[ProposeGroup | SolveGroup]:
    """Groups that SmolLM2-135M-Instruct was recorded with, on toolz, in Ollama 0.17.4."""
    with RECORDED.open("rb") as stream:
        groups = list(read_groups(stream))
    assert not any(isinstance(group, BadLine) for group in groups)
    return [group for group in groups if not isinstance(group, BadLine)]


@pytest.fixture(scope="session")
def smollm2(recorded: list[ProposeGroup | SolveGroup]) -> Path:
    """The weights of that model, out of Ollama's store."""
    store = Path(os.environ.get("AUTODIDACT_MODELS", Path.home() / ".cache" / "autodidact" / "models"))
    if not store.is_dir():
        pytest.skip(f"{store} has no models; start Autodidact once, or set AUTODIDACT_MODELS")
    return find_weights(store, recorded[0].model.digest)


@pytest.fixture(scope="session")
def smollm2_vocabulary(smollm2: Path) -> Vocabulary:
    """Its tokens."""
    return Vocabulary(read_gguf(smollm2).spelling)
