"""What can go wrong for reasons that a person can do something about."""

from __future__ import annotations

from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "not-in-store",
    "store-damaged",
    "adapter-base",
    "unknown-architecture",
    "unknown-tokenizer",
    "unreadable-weights",
    "no-linear-layers",
    "unsupported-attention",
    "sample-too-long",
    "not-adapted",
    "not-writable",
]


class TrainerError(Exception):
    """An error with its reason from a closed union; its message says what happened and what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
