"""Which models can be trained from a GGUF file."""

from __future__ import annotations

from autodidact_trainer.errors import TrainerError

ARCHITECTURES = frozenset({"llama", "qwen2", "qwen3"})
"""As ggml names them. Each layer mixes tokens by full masked attention alone, which shared prompts rest on."""


def check_architecture(architecture: str) -> None:
    """Raises `TrainerError` `unknown-architecture`."""
    if architecture not in ARCHITECTURES:
        known = ", ".join(sorted(ARCHITECTURES))
        raise TrainerError(
            "unknown-architecture", f"'{architecture}' cannot be trained from a GGUF file ({known} can)."
        )
