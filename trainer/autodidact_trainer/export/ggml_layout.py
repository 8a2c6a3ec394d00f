"""Where ggml keeps the weights of a transformers model, and how it lays them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, get_tensor_name_map

from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    import torch
    from gguf import TensorNameMap
    from transformers import PretrainedConfig


class GgmlLayout:
    """Names and layout of one architecture (ggml's name of it). Raises `TrainerError` `unknown-architecture`."""

    def __init__(self, architecture: str, config: PretrainedConfig) -> None:
        self._architecture = architecture
        self._heads = int(config.num_attention_heads)
        self._kv_heads = int(config.num_key_value_heads)
        self._names = _names(architecture, int(config.num_hidden_layers))

    def name(self, weight: str) -> str:
        """The name that ggml has for a weight: `blk.0.attn_q.weight` of `model.layers.0.self_attn.q_proj.weight`."""
        found = self._names.get_name(weight, try_suffixes=(".weight", ".bias"))
        if found is None:
            raise TrainerError(
                "unknown-architecture", f"'{self._architecture}' has no weight '{weight}' in ggml."
            )
        return found

    def rows(self, weight: str, value: torch.Tensor) -> torch.Tensor:
        """The same weight, or the factor of an adapter that gives its rows, in ggml's order of rows.

        `llama` turns pairs of neighbours by one angle, transformers the two halves of a head; so llama.cpp's converter
        interleaves the halves of queries and keys (`LlamaModel.permute` of `convert_hf_to_gguf.py`).
        """
        if self._architecture != "llama" or ".self_attn." not in weight:
            return value
        heads = {"q_proj": self._heads, "k_proj": self._kv_heads}.get(weight.split(".")[-2])
        if heads is None:
            return value
        halves = value.reshape(heads, 2, value.shape[0] // heads // 2, *value.shape[1:])
        return halves.swapaxes(1, 2).reshape(value.shape)


def _names(architecture: str, blocks: int) -> TensorNameMap:
    known = {name: arch for arch, name in MODEL_ARCH_NAMES.items() if arch in MODEL_ARCH}
    if architecture not in known:
        raise TrainerError("unknown-architecture", f"ggml has no architecture '{architecture}'.")
    return get_tensor_name_map(known[architecture], blocks)
