"""Stored records as what the steps of a round learn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from autodidact_trainer.advantages.assign import Advantage
from autodidact_trainer.api_records import RecordRefusal, example_adapter
from autodidact_trainer.policy.prefix_tree import Sequel
from autodidact_trainer.rollouts.records import SolveGroup, group_adapter
from autodidact_trainer.rollouts.rollout import Completion, RefusedGroup, make_completion, make_rollout
from autodidact_trainer.training.batch import TrainingSample, training_samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autodidact_trainer.api_records import Example, RefusalReason, RoundRequest
    from autodidact_trainer.base.vocabulary import Vocabulary
    from autodidact_trainer.rollouts.records import ProposeGroup
    from autodidact_trainer.rollouts.rollout import Rollout
    from autodidact_trainer.store.ingest import Records

_T = TypeVar("_T")


@dataclass(frozen=True)
class Batches:
    """The samples of each step of one epoch, in the order in which the records were named, and what is not among them."""

    steps: tuple[list[TrainingSample], ...]
    refused: tuple[RecordRefusal, ...]


class Batcher:
    """Makes batches for one model. `context`: how many tokens it can see."""

    def __init__(self, vocabulary: Vocabulary, context: int, standing: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._context = context
        self._standing = frozenset(standing)
        self._refused: list[RecordRefusal] = []

    def make(self, request: RoundRequest, records: Records) -> Batches:
        """Reads the records of a round. Raises `OSError`, `DamagedPartError`."""
        self._refused = []
        names = list(dict.fromkeys(request.records))
        size = request.records_per_step
        if request.mode == "policy-gradient":
            rollouts = self._in_order(
                names, ((one, self._rollout(line)) for one, line in records.groups.read(names))
            )
            steps = tuple(training_samples(part) for part in _parts(rollouts, size))
        else:
            store = records.examples if request.mode == "sft" else records.groups
            make = self._of_example if request.mode == "sft" else self._of_right
            lists = self._in_order(names, ((one, make(line)) for one, line in store.read(names)))
            steps = tuple([sample for one in part for sample in one] for part in _parts(lists, size))
        place = {name: nth for nth, name in enumerate(names)}
        self._refused.sort(key=lambda one: (place[one.id], one.sample or 0))
        return Batches(steps, tuple(self._refused))

    def _in_order(self, names: list[str], found: Iterator[tuple[str, _T | None]]) -> list[_T]:
        made = dict(found)
        for name in names:
            if name not in made:
                self._refuse(name, "unknown")
        return [one for name in names if (one := made.get(name)) is not None]

    def _refuse(self, name: str, reason: RefusalReason, sample: int | None = None) -> None:
        self._refused.append(RecordRefusal(id=name, sample=sample, reason=reason))

    def _rollout(self, line: bytes) -> Rollout | None:
        group = group_adapter.validate_json(line)
        if group.model.digest not in self._standing:
            self._refuse(group.id, "other-version")
            return None
        made = make_rollout(group, self._vocabulary)
        if isinstance(made, RefusedGroup):
            self._refuse(group.id, made.reason)
            return None
        for index, reason in made.refused:
            self._refuse(group.id, reason, index)
        fitting = tuple(
            one for one in made.completions if self._fits(group.id, one.index, made.prompt, one.tokens)
        )
        return replace(made, completions=fitting)

    def _fits(
        self, name: str, sample: int | None, prompt: tuple[int, ...], completion: tuple[int, ...]
    ) -> bool:
        fits = len(prompt) + len(completion) <= self._context
        if not fits:
            self._refuse(name, "too-long", sample)
        return fits

    def _of_right(self, line: bytes) -> list[TrainingSample] | None:
        """The right attempts or valid proposals of a group, whatever they were sampled with: their text is right all the same."""
        group = group_adapter.validate_json(line)
        if group.not_trainable in {"canary", "prompt-cut"}:
            self._refuse(group.id, group.not_trainable)
            return None
        prompt = tuple(self._vocabulary.encode(group.prompt))
        if not prompt or any(sample.prompt_tokens != len(prompt) for sample in group.samples):
            self._refuse(group.id, "prompt-tokens")
            return None
        right = _right_places(group)
        if not right:
            self._refuse(group.id, "nothing-right")
        samples = []
        for index in right:
            made = make_completion(group.samples[index], index, self._vocabulary)
            if not isinstance(made, Completion):
                self._refuse(group.id, made, index)
            elif self._fits(group.id, index, prompt, made.tokens):
                samples.append(_taught(prompt, made.tokens))
        return samples or None

    def _of_example(self, line: bytes) -> list[TrainingSample] | None:
        """The target's last token ends it, so none is added."""
        example: Example = example_adapter.validate_json(line)
        prompt = tuple(self._vocabulary.encode(example.prompt))
        target = tuple(self._vocabulary.encode(example.target, begin=False))
        if not prompt or not target:
            self._refuse(example.id, "no-tokens")
            return None
        return [_taught(prompt, target)] if self._fits(example.id, None, prompt, target) else None


def _right_places(group: ProposeGroup | SolveGroup) -> list[int]:
    if isinstance(group, SolveGroup):
        return [nth for nth, one in enumerate(group.samples) if one.verdict.verdict == "right"]
    return [nth for nth, one in enumerate(group.samples) if one.verdict.verdict == "valid"]


def _taught(prompt: tuple[int, ...], completion: tuple[int, ...]) -> TrainingSample:
    return TrainingSample(Sequel(prompt, completion), sampler=(), advantage=Advantage(1.0))


def _parts(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]
