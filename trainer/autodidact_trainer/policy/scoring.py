"""Log-probabilities that a model gives to sampled tokens."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from autodidact_trainer.policy.prefix_tree import PrefixTree


@dataclass(frozen=True)
class Scores:
    """For all completions of a tree one after another, float32 [tokens]: natural logarithms, and entropies where asked for."""

    logprobs: torch.Tensor
    entropies: torch.Tensor | None


def score_tree(
    model: PreTrainedModel, tree: PrefixTree, *, autocast: bool = False, entropy: bool = False
) -> Scores:
    """One forward pass over a tree: log-probabilities at temperature 1, as the sampler reports them.

    `autocast`: bfloat16 where torch holds it to be safe; the softmax is always float32.
    """
    device = model.device
    with _precision(device, autocast=autocast):
        # The mask has four dimensions, so transformers takes it as it is and adds no causal one.
        logits = model(
            input_ids=tree.tokens[None].to(device),
            position_ids=tree.positions[None].to(device),
            attention_mask=tree.sees[None, None].to(device),
            logits_to_keep=tree.heads.to(device),
            use_cache=False,
        ).logits[0]
    log_softmax = torch.log_softmax(logits.float(), dim=-1)
    rows = tree.rows.to(device)
    logprobs = log_softmax[rows, tree.targets.to(device)]
    if not entropy:
        return Scores(logprobs, None)
    entropies: torch.Tensor = -(log_softmax.exp() * log_softmax).sum(-1)
    return Scores(logprobs, entropies[rows])


def _precision(device: torch.device, *, autocast: bool) -> AbstractContextManager[object]:
    return torch.autocast(device.type, dtype=torch.bfloat16) if autocast else nullcontext()
