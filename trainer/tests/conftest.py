"""What several tests share: the real model, where it is, and records of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autodidact_trainer.base.gguf_file import read_gguf
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
def smollm2() -> Path:
    """The weights of that model: the file that `npm test` names, else the one that it keeps in the cache."""
    cached = Path.home() / ".cache" / "autodidact" / "model-files" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    path = Path(os.environ.get("AUTODIDACT_TEST_MODEL", cached))
    if not path.is_file():
        pytest.skip(f"{path} is missing: run npm test -- trainer, or name the file in AUTODIDACT_TEST_MODEL")
    return path


@pytest.fixture(scope="session")
def smollm2_vocabulary(smollm2: Path) -> Vocabulary:
    """Its tokens."""
    return Vocabulary(read_gguf(smollm2).spelling)
