"""What may be trained on with a likelihood ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from autodidact_trainer.rollouts.records import Attempt, NotTrainable

if TYPE_CHECKING:
    from autodidact_trainer.rollouts.records import ProposeGroup, Sample, Sampling, SolveGroup

GroupRefusal: TypeAlias = Literal[NotTrainable, "repeated-seed", "prompt-tokens", "no-samples"]
"""Why no sample of a group is trained on.

`repeated-seed`: two samples are one draw; `prompt-tokens`: our tokens of the prompt are not as many as the sampler counted.
"""

SampleRefusal: TypeAlias = Literal[
    "broken-character",
    "unfinished",
    "no-tokens",
    "tokens-missing",
    "text-differs",
    "unknown-token",
    "bad-logprob",
    "tool-turns",
]
"""Why one sample is not trained on; its reward still counts among its siblings'.

`broken-character`: a token holds a part of a character only; `unfinished`: the stream stopped before an end;
`tokens-missing`: the sampler counted more tokens than it reported (Ollama drops those that make no whole character, text and
log-probability, though the model saw them); `text-differs`: its tokens are not its text; `unknown-token`: bytes that are no
token, or two, of the model's vocabulary; `bad-logprob`: above 0; `tool-turns`: it ran Python on its way, and what stands
before and behind that was cut into tokens anew by the server.
"""

# Rounding of the sampler's softmax.
HIGHEST_LOGPROB = 1e-3


def group_refusal(group: ProposeGroup | SolveGroup) -> GroupRefusal | None:
    """Why nothing of a group may be trained on, as far as its record tells; None where it may."""
    if group.not_trainable is not None:
        return group.not_trainable
    if not group.trainable or not is_on_policy(group.sampling):
        return "off-policy"
    if not group.samples:
        return "no-samples"
    if len({sample.random_seed for sample in group.samples}) < len(group.samples):
        return "repeated-seed"
    return None


def is_on_policy(sampling: Sampling) -> bool:
    """Whether samples are drawn from what the model's own probabilities say, nothing cut off and nothing penalised."""
    return (
        sampling.temperature == 1
        and sampling.top_k == 0
        and sampling.top_p == 1
        and sampling.min_p == 0
        and sampling.repeat_penalty == 1
    )


def sample_refusal(sample: Sample) -> SampleRefusal | None:
    """Why a sample may not be trained on, as far as its record tells; None where it may."""
    if not sample.trainable:
        return "broken-character"
    if sample.finish in {"stall", "aborted"}:
        return "unfinished"
    if isinstance(sample, Attempt) and sample.tool:
        return "tool-turns"
    if not sample.tokens and sample.finish != "end":
        return "no-tokens"
    # The token that ends a text is counted and never reported.
    if sample.completion_tokens > len(sample.tokens) + (sample.finish == "end"):
        return "tokens-missing"
    if any(token.logprob > HIGHEST_LOGPROB for token in sample.tokens):
        return "bad-logprob"
    return None
