"""Tiny models as Ollama keeps them: a GGUF file, and the manifest whose hash is its digest."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from gguf import GGUFWriter, TokenType
from tiny import LETTERS, MERGES, TOKENS, spelling, tiny_model

from autodidact_trainer.export.ggml_layout import GgmlLayout
from autodidact_trainer.export.weights import merged_weights

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel

assert len(LETTERS) == 256


def write_gguf(model: PreTrainedModel, path: Path, architecture: str = "llama", pre: str = "smollm") -> None:
    """A model of `tiny_model()` with the vocabulary of `spelling()`, in f32."""
    config, text = model.config, spelling()
    layout = GgmlLayout(architecture, config)
    writer = GGUFWriter(path, architecture)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(list(TOKENS))
    writer.add_token_types([TokenType(kind) for kind in text.kinds])
    writer.add_token_merges(list(MERGES))
    writer.add_eos_token_id(text.eos)
    for name, weight in merged_weights(model):
        if name != "lm_head.weight":
            writer.add_tensor(layout.name(name), layout.rows(name, weight).contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_to_store(store: Path, name: str, model: PreTrainedModel, pre: str = "smollm") -> str:
    """Puts a model into a folder like Ollama's, and gives its digest."""
    (store / "blobs").mkdir(parents=True, exist_ok=True)
    unnamed = store / "blobs" / "new"
    write_gguf(model, unnamed, pre=pre)
    blob = sha256(unnamed.read_bytes()).hexdigest()
    unnamed.replace(store / "blobs" / f"sha256-{blob}")
    manifest = store / "manifests" / "library" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    layers = [{"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{blob}"}]
    manifest.write_text(json.dumps({"layers": layers}))
    return sha256(manifest.read_bytes()).hexdigest()


def tiny_store(store: Path, seed: int = 0) -> str:
    """A store with one tiny model, and its digest."""
    return add_to_store(store, f"tiny-{seed}", tiny_model(seed=seed))
