"""Loads the weights that training begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from transformers import AutoModelForCausalLM, GgufConfig, PreTrainedModel

from autodidact_trainer.base.architectures import check_architecture
from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PretrainedConfig


def load_base(path: Path, architecture: str) -> PreTrainedModel:
    """The model of a GGUF file, dequantised to float32. Nothing is ever downloaded.

    Raises `TrainerError`: `unknown-architecture`, `unsupported-attention`, `unreadable-weights`.
    """
    check_architecture(architecture)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            path.parent,
            gguf_file=path.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.float32,
            attn_implementation="sdpa",
            attention_dropout=0.0,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise TrainerError("unreadable-weights", f"{path} cannot be loaded: {error}") from error
    check_attention(model.config)
    return cast("PreTrainedModel", model)


def check_attention(config: PretrainedConfig) -> None:
    """Raises `TrainerError` `unsupported-attention` where a layer sees less than all that came before, or mixes otherwise."""
    layers = set(getattr(config, "layer_types", None) or ["full_attention"])
    sliding = getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True)
    if layers != {"full_attention"} or (sliding and not hasattr(config, "layer_types")):
        raise TrainerError(
            "unsupported-attention", f"Layers of the kind {', '.join(sorted(layers))} cannot share a prompt."
        )
