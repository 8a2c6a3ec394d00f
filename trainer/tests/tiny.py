"""A vocabulary and a model small enough for unit tests, made here and random; records of it."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from autodidact_trainer.base.vocabulary import Spelling, Vocabulary
from autodidact_trainer.rollouts.records import SolveGroup, group_adapter

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_BYTE_LETTERS = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
LETTERS = [chr(byte) for byte in _BYTE_LETTERS] + [chr(256 + nth) for nth in range(256 - len(_BYTE_LETTERS))]
MERGES = ["Ġ =", "r e", "re t", "> >", ">> >"]
TOKENS = [*LETTERS, *(merge.replace(" ", "") for merge in MERGES), "<|start|>", "<|end|>"]
START = len(TOKENS) - 2
END = len(TOKENS) - 1


def spelling(**changed: Any) -> Spelling:
    """256 bytes, five merges, a start and an end."""
    given: dict[str, Any] = {
        "tokens": TOKENS,
        "kinds": [1] * START + [3, 3],
        "merges": MERGES,
        "pre": "smollm",
        "eos": END,
        "bos": None,
    }
    return Spelling(**{**given, **changed})


def vocabulary() -> Vocabulary:
    """The tokens of `spelling()`."""
    return Vocabulary(spelling())


def token(content: bytes, logprob: float = -1.0) -> dict[str, Any]:
    """A sampled token as it stands in a record."""
    return {"bytes": b64encode(content).decode(), "logprob": logprob}


def attempt(pieces: list[bytes], index: int = 0, **changed: Any) -> dict[str, Any]:
    """An attempt as it stands in a record, of tokens with these bytes."""
    return {
        "index": index,
        "text": b"".join(pieces).decode(),
        "answer": None,
        "tokens": [token(piece) for piece in pieces],
        "finish": "delimiter",
        "randomSeed": 100 + index,
        "promptTokens": len(vocabulary().encode(">>> f(2)\n")),
        "completionTokens": len(pieces),
        "promptMs": 1,
        "completionMs": 1.5,
        "trainable": True,
        "reward": {"total": float(index == 0), "parts": {}},
        "verdict": {"verdict": "right"} if index == 0 else {"verdict": "wrong", "reason": "different"},
        **changed,
    }


def record(samples: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    """A group of attempts as it stands in the stream."""
    place = {"folder": "/w", "file": "a.py", "symbol": "f", "line": 1, "endLine": 2}
    return {
        "schema": 1,
        "id": "group-1",
        "runId": "run-1",
        "preset": "autodidact",
        "estimator": "leave-one-out",
        "kind": "deduction",
        "role": "solve",
        "taskId": "0" * 16,
        "form": "session",
        "promptVersion": "deduction-1",
        "prompt": ">>> f(2)\n",
        "model": {"name": "tiny", "digest": "0" * 64},
        "sampling": {
            "temperature": 1,
            "topK": 0,
            "topP": 1,
            "minP": 0,
            "repeatPenalty": 1,
            "numPredict": 16,
            "numCtx": 512,
        },
        "trainable": True,
        "notTrainable": None,
        "unit": {**place, "unitHash": "0", "fileHash": "0", "commit": None},
        "backend": {"name": "native", "version": "1", "python": "3.11.7"},
        "createdAt": "2026-01-01T00:00:00Z",
        "samples": samples,
        **changed,
    }


def solve_group(samples: list[dict[str, Any]], **changed: Any) -> SolveGroup:
    """The same, read."""
    group = group_adapter.validate_python(record(samples, **changed), strict=False)
    assert isinstance(group, SolveGroup)
    return group


def tiny_model(architecture: str = "llama", seed: int = 0) -> PreTrainedModel:
    """A random model of the vocabulary's size: two layers, grouped heads, tied embeddings."""
    torch.manual_seed(seed)
    sizes: dict[str, Any] = {
        "vocab_size": len(TOKENS),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": 512,
        "tie_word_embeddings": True,
        "initializer_range": 0.2,
        "attn_implementation": "sdpa",
    }
    if architecture == "qwen2":
        return Qwen2ForCausalLM(Qwen2Config(**sizes))
    if architecture == "qwen3":
        return Qwen3ForCausalLM(Qwen3Config(**sizes))
    return LlamaForCausalLM(LlamaConfig(**sizes))
