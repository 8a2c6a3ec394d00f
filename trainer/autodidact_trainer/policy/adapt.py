"""Which weights are trained: low-rank adapters, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from peft import LoraConfig, get_peft_model
from torch import nn

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Lora:
    """Adapters on all linear layers but the output's; `alpha / rank` scales what they add.

    A sweep of learning rates begins at 1e-4 to 3e-4.
    """

    rank: int = 16
    alpha: int = 32
    learning_rate: float = 2e-4


@dataclass(frozen=True)
class FullWeights:
    """All weights. A sweep of learning rates begins at 1e-5 to 3e-5."""

    learning_rate: float = 2e-5


def adapt(model: PreTrainedModel, how: Lora | FullWeights, *, checkpointing: bool = False) -> PreTrainedModel:
    """Makes a loaded model a policy that can be trained; the model given is changed.

    `checkpointing`: activations are computed again in the backward pass instead of being kept: less memory, a third more time.
    Seed torch before, because adapters begin at random (and add nothing at first: their second factor is 0).
    """
    if isinstance(how, Lora):
        config = LoraConfig(
            r=how.rank,
            lora_alpha=how.alpha,
            lora_dropout=0.0,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        policy = cast("PreTrainedModel", get_peft_model(model, config))
    else:
        policy = model.requires_grad_(requires_grad=True)
    if checkpointing:
        model.activation_checkpointing_enable({"use_reentrant": False})
    policy.train()
    # A likelihood ratio needs the same function at each call.
    for module in policy.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    return policy
