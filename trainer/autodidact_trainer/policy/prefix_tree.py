"""Completions with their prompts as one tree, so that what they share is computed once.

Siblings share their prompt, prompts share their worked examples, completions may share their first tokens. The tree's nodes
are laid in one row; each sees itself and its ancestors, and its position is its depth. So a model gives to each node what it
would give to the same token of the plain sequence, gradients included, for any model whose layers mix tokens by masked
attention alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Sequel:
    """A prompt (one token at least) and the completion (one at least) whose log-probabilities are asked for."""

    prompt: tuple[int, ...]
    completion: tuple[int, ...]


@dataclass(frozen=True)
class PrefixTree:
    """Nodes in one row, and where each token of each completion is predicted.

    `tokens`, `positions`: int64 [nodes]. `sees`: bool [nodes, nodes], whether row attends to column. `heads`: int64, the nodes
    whose predictions are needed, each once. For all completions one after another: `rows`, the place in `heads` that predicts
    the token, and `targets`, the token.
    """

    tokens: torch.Tensor
    positions: torch.Tensor
    sees: torch.Tensor
    heads: torch.Tensor
    rows: torch.Tensor
    targets: torch.Tensor
    lengths: tuple[int, ...]
    """Tokens of each completion."""


def build_tree(sequels: Sequence[Sequel]) -> PrefixTree:
    """Lays out some sequels. A completion's last token is predicted and predicts nothing: it is no node."""
    children: list[dict[int, int]] = []
    tokens: list[int] = []
    parents: list[int] = []
    positions: list[int] = []
    roots: dict[int, int] = {}
    heads: dict[int, int] = {}
    rows: list[int] = []
    for sequel in sequels:
        node = -1
        for depth, token in enumerate((*sequel.prompt, *sequel.completion)):
            if depth >= len(sequel.prompt):
                rows.append(heads.setdefault(node, len(heads)))
                if depth == len(sequel.prompt) + len(sequel.completion) - 1:
                    break
            branch = roots if node < 0 else children[node]
            if token not in branch:
                branch[token] = len(tokens)
                tokens.append(token)
                parents.append(node)
                positions.append(depth)
                children.append({})
            node = branch[token]
    return PrefixTree(
        tokens=torch.tensor(tokens),
        positions=torch.tensor(positions),
        sees=_ancestors(parents),
        heads=torch.tensor(list(heads)),
        rows=torch.tensor(rows),
        targets=torch.tensor([token for sequel in sequels for token in sequel.completion]),
        lengths=tuple(len(sequel.completion) for sequel in sequels),
    )


def _ancestors(parents: Sequence[int]) -> torch.Tensor:
    sees = torch.eye(len(parents), dtype=torch.bool)
    for node, parent in enumerate(parents):
        if parent >= 0:
            sees[node] |= sees[parent]
    return sees


def shared_prefix(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many tokens two sequences have in common at their beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
