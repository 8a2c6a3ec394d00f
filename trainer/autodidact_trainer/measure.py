"""How fast this machine trains: `python -m autodidact_trainer.measure STORE GROUPS`.

STORE is where Ollama keeps its models, GROUPS a file of the stream. Prints one row: seconds of a step, tokens trained per
second (completions only), nodes computed per second, peak memory in GB, seconds of loading. "plain" is the same step with
each sample in a tree of its own: prompts are computed for each sibling. Each figure is one step, after one to warm up; the
advantages are +1 and -1 in turn, whatever the rewards are.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from autodidact_trainer.advantages.assign import Advantage
from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.base.ollama_store import find_weights
from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.policy.adapt import FullWeights, Lora, adapt
from autodidact_trainer.policy.prefix_tree import Sequel
from autodidact_trainer.rollouts.reading import BadLine, read_groups
from autodidact_trainer.rollouts.rollout import Rollout, make_rollout
from autodidact_trainer.training.batch import TrainingSample
from autodidact_trainer.training.step import StepDone, StepSettings, make_optimizer, train_step

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Way:
    """One row of the table."""

    name: str
    how: Lora | FullWeights
    autocast: bool
    checkpointing: bool = False
    most_nodes: int = 2048


WAYS = [
    Way("LoRA, bfloat16, plain", Lora(), autocast=True, most_nodes=1),
    Way("LoRA, float32, shared", Lora(), autocast=False),
    Way("LoRA, bfloat16, shared", Lora(), autocast=True),
    Way("LoRA, bfloat16, shared, checkpointing", Lora(), autocast=True, checkpointing=True),
    Way("all weights, bfloat16, shared", FullWeights(), autocast=True),
]


def peak_gb() -> float:
    """Highest memory of this process so far, in GB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def main() -> None:
    """Measures one way: memory is a peak, so that each row is a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--way", type=int, choices=range(len(WAYS)), default=2)
    chosen = parser.parse_args()
    way = WAYS[chosen.way]
    with chosen.groups.open("rb") as stream:
        groups = [group for group in read_groups(stream) if not isinstance(group, BadLine)]
    begun = time.perf_counter()
    weights = find_weights(chosen.store, groups[0].model.digest)
    facts = read_gguf(weights)
    model = load_base(weights, facts.architecture)
    loaded = time.perf_counter() - begun
    vocabulary = Vocabulary(facts.spelling)
    made = [make_rollout(group, vocabulary) for group in groups]
    samples = [
        TrainingSample(
            Sequel(one.prompt, completion.tokens), completion.logprobs, Advantage((-1.0) ** completion.index)
        )
        for one in made
        if isinstance(one, Rollout)
        for completion in one.completions
    ]
    torch.manual_seed(0)
    policy = adapt(model, way.how, checkpointing=way.checkpointing)
    row = measure(policy, samples, way)
    sys.stdout.write(f"| {way.name} | {row} | {peak_gb():.1f} | {loaded:.1f} |\n")


def measure(policy: PreTrainedModel, samples: list[TrainingSample], way: Way) -> str:
    """Seconds of a step, tokens trained and nodes computed per second."""
    settings = StepSettings(autocast=way.autocast, most_nodes=way.most_nodes)
    optimizer = make_optimizer(policy, way.how.learning_rate)
    train_step(policy, optimizer, samples[:2], settings)
    begun = time.perf_counter()
    done = train_step(policy, optimizer, samples, settings)
    seconds = time.perf_counter() - begun
    if not isinstance(done, StepDone):
        raise SystemExit(done.reason)
    return f"{seconds:.1f} | {done.tokens / seconds:.1f} | {done.nodes / seconds:.0f}"


if __name__ == "__main__":
    main()
