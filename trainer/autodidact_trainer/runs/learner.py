"""Trains rounds, exports weights, scores again: one policy in memory at a time."""

from __future__ import annotations

import gc
import math
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from peft import PeftModel
from transformers.utils.logging import disable_progress_bar

from autodidact_trainer.api_records import LoraPolicy, Rescored, TrainingStep
from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.load import load_base
from autodidact_trainer.base.ollama_store import find_weights
from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.export.gguf_files import export_adapter, export_model
from autodidact_trainer.policy.adapt import FullWeights, Lora, adapt
from autodidact_trainer.problems import ProblemError
from autodidact_trainer.rescoring.rescore import QUANTISED, SAME_WEIGHTS, breaches, rescore
from autodidact_trainer.rollouts.rollout import Rollout, make_rollout
from autodidact_trainer.runs.batches import Batcher
from autodidact_trainer.runs.checkpoint import load_checkpoint, save_checkpoint
from autodidact_trainer.training.loss import Terms
from autodidact_trainer.training.step import (
    StepSettings,
    StepSkipped,
    make_optimizer,
    train_step,
    with_old,
    with_reference,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from transformers import PreTrainedModel

    from autodidact_trainer.api_records import (
        ExportRequest,
        RoundState,
        Skip,
        TrainingRun,
        Type,
    )
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup
    from autodidact_trainer.runs.job import Round, Watch, Weights
    from autodidact_trainer.store.ingest import Records
    from autodidact_trainer.training.batch import TrainingSample


@dataclass(frozen=True)
class _Base:
    """What a base's file tells, but for its weights."""

    digest: str
    path: Path
    architecture: str
    vocabulary: Vocabulary


@dataclass
class _Loaded:
    run: TrainingRun
    round: int
    base: _Base
    policy: PreTrainedModel
    optimizer: torch.optim.Optimizer
    can_go_on: bool
    """Whether the optimiser and torch's random state are those of the round too."""


class TorchLearner:
    """`Learner`. For one thread. `models`: where Ollama keeps its models; `autocast`: in bfloat16 where torch holds it safe."""

    def __init__(self, models: Path, *, autocast: bool) -> None:
        disable_progress_bar()
        self._models = models
        self._autocast = autocast
        self._loaded: _Loaded | None = None
        self._base: _Base | None = None

    def train(self, job: Round, records: Records, watch: Watch) -> RoundState:
        """Does a round on the weights before it, and writes its checkpoint.

        The same weights, records and request give the same weights, unless time ran out. Raises `StoppedError`, `ProblemError`,
        `TrainerError`, `OSError`; then the round has left nothing.
        """
        before, request = job.before, job.order.request
        begun = time.monotonic()
        loaded = self._load(before, go_on=True)
        # Whatever stops this round, nothing goes on from weights that are half a round's.
        self._loaded = None
        policy = loaded.policy
        settings = StepSettings(terms=Terms(before.run.kl, before.run.entropy), autocast=self._autocast)
        context = int(policy.config.max_position_embeddings)
        batches = Batcher(loaded.base.vocabulary, context, job.order.standing).make(request, records)
        watch.refused(batches.refused)
        supervised = request.mode != "policy-gradient"
        steps = list(batches.steps)
        if not supervised:
            steps = _noted(loaded, steps, settings, again=len(steps) * request.epochs > 1, watch=watch)
        for _ in range(request.epochs):
            for samples in steps:
                watch.check()
                if request.most_seconds is not None and time.monotonic() - begun >= request.most_seconds:
                    break
                watch.stepped(_step(loaded, samples, settings, supervised=supervised))
        state = save_checkpoint(job.target, policy, loaded.optimizer, watch.done)
        loaded.round = before.round + 1
        self._loaded = loaded
        return state

    def export(self, weights: Weights, request: ExportRequest, target: Path) -> None:
        """Writes weights as a GGUF file. Raises `ProblemError`, `TrainerError`, `OSError`."""
        loaded = self._load(weights)
        target.parent.mkdir(parents=True, exist_ok=True)
        if request.form == "merged":
            export_model(loaded.policy, loaded.base.path, target, request.type)
        else:
            export_adapter(loaded.policy, loaded.base.architecture, target)

    def rescore(
        self, weights: Weights, groups: Sequence[ProposeGroup | SolveGroup], published: Type | None
    ) -> Rescored:
        """Compares recorded log-probabilities with those of weights, by the bounds of the type that was published.

        Raises `ProblemError`: `nothing-recorded` where no token has one, `damaged` where the weights give no numbers.
        """
        loaded = self._load(weights)
        made = (make_rollout(group, loaded.base.vocabulary) for group in groups)
        rollouts = [one for one in made if isinstance(one, Rollout)]
        found = rescore(loaded.policy, rollouts, StepSettings(autocast=self._autocast))
        if found is None:
            raise ProblemError("nothing-recorded", "No sample of these groups can be scored again.")
        if not all(map(math.isfinite, (found.mean, found.p99, found.token_share, found.completion_share))):
            raise ProblemError("damaged", "These weights give log-probabilities that are no numbers.")
        return Rescored.model_validate(
            {
                "completions": found.completions,
                "tokens": found.tokens,
                "mean": found.mean,
                "p99": found.p99,
                # Sums of rounded numbers may be a last digit above what they are.
                "tokenShare": min(found.token_share, 1.0),
                "completionShare": min(found.completion_share, 1.0),
                "breaches": breaches(found, QUANTISED if published == "q8_0" else SAME_WEIGHTS),
            }
        )

    def _load(self, weights: Weights, *, go_on: bool = False) -> _Loaded:
        held = self._loaded
        if held and (held.run, held.round) == (weights.run, weights.round) and (held.can_go_on or not go_on):
            return held
        self._loaded = held = None
        # Adapted models hold themselves in circles: without this, two would be in memory.
        gc.collect()
        base = self._base_of(weights.run.digest)
        torch.manual_seed(weights.run.random_seed)
        how = _adaptation(weights.run)
        policy = adapt(load_base(base.path, base.architecture), how)
        optimizer = make_optimizer(policy, how.learning_rate)
        if weights.checkpoint is not None:
            load_checkpoint(weights.folder, weights.checkpoint, policy, optimizer if go_on else None)
        can_go_on = go_on or weights.checkpoint is None
        self._loaded = _Loaded(weights.run, weights.round, base, policy, optimizer, can_go_on)
        return self._loaded

    def _base_of(self, digest: str) -> _Base:
        if self._base is None or self._base.digest != digest:
            path = find_weights(self._models, digest)
            facts = read_gguf(path)
            self._base = _Base(digest, path, facts.architecture, Vocabulary(facts.spelling))
        return self._base


def _noted(
    loaded: _Loaded, steps: list[list[TrainingSample]], settings: StepSettings, *, again: bool, watch: Watch
) -> list[list[TrainingSample]]:
    """Samples with what the published version and the base give them, where either is asked for."""
    if settings.terms.kl:
        reference, without = _reference(loaded)
        with without:
            for nth, samples in enumerate(steps):
                watch.check()
                steps[nth] = with_reference(reference, samples, settings)
    if again:
        for nth, samples in enumerate(steps):
            watch.check()
            steps[nth] = with_old(loaded.policy, samples, settings)
    return steps


def _reference(loaded: _Loaded) -> tuple[PreTrainedModel, AbstractContextManager[object]]:
    """The base: the policy without its adapters, else loaded once more."""
    if isinstance(loaded.policy, PeftModel):
        return loaded.policy, loaded.policy.disable_adapter()
    return load_base(loaded.base.path, loaded.base.architecture), nullcontext()


def _adaptation(run: TrainingRun) -> Lora | FullWeights:
    policy = run.policy
    if isinstance(policy, LoraPolicy):
        return Lora(policy.rank, policy.alpha, policy.learning_rate)
    return FullWeights(policy.learning_rate)


def _step(
    loaded: _Loaded, samples: list[TrainingSample], settings: StepSettings, *, supervised: bool
) -> TrainingStep | Skip:
    begun = time.monotonic()
    found = train_step(loaded.policy, loaded.optimizer, samples, settings, supervised=supervised)
    if isinstance(found, StepSkipped):
        return found.reason
    return TrainingStep(
        loss=found.loss,
        gradient=found.gradient,
        tokens=found.tokens,
        nodes=found.nodes,
        # A ratio that the bound keeps from the loss may be larger than any number.
        ratio=min(found.ratio, sys.float_info.max),
        weight=found.weight,
        clipped=found.clipped,
        seconds=time.monotonic() - begun,
    )
