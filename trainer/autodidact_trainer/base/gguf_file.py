"""What a GGUF file tells of its model, but for the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gguf import GGUFReader

from autodidact_trainer.base.vocabulary import Spelling
from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    from pathlib import Path

_T = TypeVar("_T")


@dataclass(frozen=True)
class GgufFacts:
    """Architecture as ggml names it (`llama`), and the tokens."""

    architecture: str
    spelling: Spelling


def read_gguf(path: Path) -> GgufFacts:
    """Reads the metadata of a GGUF file. Raises `TrainerError`: `unreadable-weights`, `unknown-tokenizer`."""
    try:
        fields = GGUFReader(path).fields
    except (OSError, ValueError, IndexError) as error:
        raise TrainerError("unreadable-weights", f"{path} is no whole GGUF file: {error}") from error
    values = {
        name: field.contents()
        for name, field in fields.items()
        if name.startswith(("general.architecture", "tokenizer.ggml."))
    }

    def value(name: str, kind: type[_T]) -> _T:
        found = values.get(name)
        if not isinstance(found, kind):
            raise TrainerError("unreadable-weights", f"{path} does not tell {name}.")
        return found

    def ggml(name: str, kind: type[_T]) -> _T:
        return value(f"tokenizer.ggml.{name}", kind)

    if ggml("model", str) != "gpt2":
        raise TrainerError(
            "unknown-tokenizer",
            f"The model's tokens are of the kind '{ggml('model', str)}'; byte-level BPE ('gpt2') is known here.",
        )
    adds_bos = bool(values.get("tokenizer.ggml.add_bos_token", False))
    tokens = ggml("tokens", list)
    return GgufFacts(
        architecture=value("general.architecture", str),
        spelling=Spelling(
            tokens=tokens,
            kinds=values.get("tokenizer.ggml.token_type") or [1] * len(tokens),
            merges=ggml("merges", list),
            pre=str(values.get("tokenizer.ggml.pre", "gpt-2")),
            eos=ggml("eos_token_id", int),
            bos=ggml("bos_token_id", int) if adds_bos else None,
        ),
    )
