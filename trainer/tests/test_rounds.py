"""Runs and rounds of a trainer that really runs, on a tiny model."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib import import_module
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
import torch
from serving import Trainer, serving
from tiny import TOKENS, attempt, record, solve_group, tiny_model, token, vocabulary
from tiny_store import add_to_store, tiny_store

from autodidact_trainer.advantages.assign import Advantage
from autodidact_trainer.base.load import load_base
from autodidact_trainer.policy.prefix_tree import Sequel
from autodidact_trainer.rollouts.rollout import Rollout, make_rollout
from autodidact_trainer.training.batch import TrainingSample
from autodidact_trainer.training.step import StepSettings, score_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LORA = {"type": "lora", "rank": 4, "alpha": 8, "learningRate": 1e-2}
FULL = {"type": "full", "learningRate": 1e-3}


def group(name: str, digest: str, **changed: Any) -> dict[str, Any]:
    """A group of one right and one wrong attempt."""
    samples = [attempt([b"4", b"\n"]), attempt([b"5", b"re", b"t"], 1, finish="length")]
    given = {"samples": samples, "id": name, "model": {"name": "tiny", "digest": digest}, **changed}
    return {**record([]), **given}


def run_of(name: str, digest: str, **changed: Any) -> dict[str, Any]:
    """A run as it is asked for."""
    return {"id": name, "digest": digest, "policy": LORA, "randomSeed": 7, "kl": 0, "entropy": 0, **changed}


def round_of(*records: str, **changed: Any) -> dict[str, Any]:
    """A round as it is asked for."""
    given = {"mode": "policy-gradient", "records": records, "recordsPerStep": 8, "epochs": 1}
    return {**given, "mostSeconds": None, **changed}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store like Ollama's with a tiny model, and its digest."""
    folder = tmp_path_factory.mktemp("ollama")
    return folder, tiny_store(folder)


@pytest.fixture(scope="module")
def trainer(store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainer]:
    """One trainer for all tests that do not end it: each takes a run of its own."""
    with serving(tmp_path_factory.mktemp("trainer"), store=store[0]) as one:
        yield one


@pytest.fixture
def digest(store: tuple[Path, str]) -> str:
    """The tiny model's."""
    return store[1]


def test_a_round_of_groups(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("g1", digest), group("g2", digest, kind="abduction")])
    run = run_of("first", digest)
    assert trainer.put("first", run) == trainer.put("first", run) | run
    request = round_of("g1", "g2", recordsPerStep=1, epochs=2)
    assert trainer.put("first/rounds/1", request)["state"] == "waiting"
    state = trainer.round("first", 1)
    assert state["state"] == "done", state
    assert [one["tokens"] for one in state["steps"]] == [5, 5, 5, 5]
    assert state["steps"][0]["ratio"] == pytest.approx(1, abs=1e-5)
    assert state["steps"][3]["ratio"] != pytest.approx(1, abs=1e-5)
    assert state["refused"] == []
    assert len(state["weights"]) == 64
    assert trainer.put("first/rounds/1", request) == state


def test_the_same_random_seed_gives_the_same_weights(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("s1", digest)])
    found = []
    for name, seed in [("seed-a", 3), ("seed-b", 3), ("seed-c", 4)]:
        trainer.put(name, run_of(name, digest, randomSeed=seed))
        trainer.put(f"{name}/rounds/1", round_of("s1", epochs=2))
        found.append(trainer.round(name, 1)["weights"])
    assert found[0] == found[1] != found[2]


class TestWhatIsTrainedOn:
    def test_is_sampled_from_the_weights_that_stand(self, trainer: Trainer, digest: str) -> None:
        new = "ab" * 32
        trainer.post("groups", [group("v1", digest), group("v2", new)])
        trainer.put("versions", run_of("versions", digest))

        def refused(number: int) -> list[tuple[str, str]]:
            trainer.put(f"versions/rounds/{number}", round_of("v1", "v2", "v0"))
            state = trainer.round("versions", number)
            assert state["state"] == "done", state
            return [(one["id"], one["reason"]) for one in state["refused"]]

        assert refused(1) == [("v2", "other-version"), ("v0", "unknown")]
        # Nothing is known to be sampled from round 1 before it is published.
        assert refused(2) == [("v1", "other-version"), ("v2", "other-version"), ("v0", "unknown")]
        trainer.put("versions/rounds/1/published", {"digest": new, "type": "f16"})
        # Round 2 took no step, so that what was published of round 1 is what stands.
        assert refused(3) == [("v1", "other-version"), ("v0", "unknown")]

    def test_is_what_may_be(self, trainer: Trainer, digest: str) -> None:
        call = {"at": 0, "textAt": 0, "code": "1", "outcome": "ran", "text": "1", "toolMs": 1}
        tool = [{**call, "randomSeed": 1, "promptTokens": 9}]
        mixed = [attempt([b"4"], tool=tool), attempt([b"5"], 1, tool=[]), attempt([b"5"], 2, trainable=False)]
        trainer.post(
            "groups",
            [
                group("m1", digest, samples=mixed),
                group("m2", digest, notTrainable="canary", trainable=False),
                group("m3", digest, prompt=">>> f(2, 3, 4)\n"),
            ],
        )
        trainer.put("mixed", run_of("mixed", digest))
        trainer.put("mixed/rounds/1", round_of("m1", "m2", "m3"))
        state = trainer.round("mixed", 1)
        assert [(one["id"], one["sample"], one["reason"]) for one in state["refused"]] == [
            ("m1", 0, "tool-turns"),
            ("m1", 2, "broken-character"),
            ("m2", None, "canary"),
            ("m3", None, "prompt-tokens"),
        ]
        # The reward of what is refused still counts: its sibling learns from it.
        assert [one["tokens"] for one in state["steps"]] == [1]

    def test_fits_the_model_s_context(self, trainer: Trainer, digest: str) -> None:
        long = attempt([b"4"] * 600, 1)
        trainer.post("groups", [group("l1", digest, samples=[attempt([b"4"]), long])])
        trainer.put("long", run_of("long", digest))
        trainer.put("long/rounds/1", round_of("l1"))
        state = trainer.round("long", 1)
        assert state["refused"] == [{"id": "l1", "sample": 1, "reason": "too-long"}]
        assert [one["tokens"] for one in state["steps"]] == [1]


class TestSupervised:
    def test_examples(self, trainer: Trainer, digest: str) -> None:
        trainer.post(
            "examples",
            [
                {
                    "schema": 1,
                    "id": f"e{nth}",
                    "kind": "deduction",
                    "prompt": f">>> f({nth})\n",
                    "target": target,
                }
                for nth, target in enumerate(["4\n", "5\n", ""])
            ],
        )
        trainer.put("sft", run_of("sft", digest))
        trainer.put("sft/rounds/1", round_of("e0", "e1", "e2", mode="sft", recordsPerStep=1, epochs=6))
        state = trainer.round("sft", 1)
        assert state["refused"] == [{"id": "e2", "sample": None, "reason": "no-tokens"}]
        # The target ends by its own last token: none is added.
        assert [one["tokens"] for one in state["steps"]] == [2] * 12
        assert state["steps"][-1]["loss"] < state["steps"][0]["loss"] / 2

    def test_own_right_samples(self, trainer: Trainer, digest: str) -> None:
        other = "cd" * 32
        ended = [attempt([b"4"], finish="end"), attempt([b"5"], 1)]
        trainer.post(
            "groups",
            [
                group("r1", other, notTrainable="off-policy", trainable=False),
                group("r2", other, samples=ended),
                group("r3", other, samples=[attempt([b"5"], 1)]),
                group("r4", other, notTrainable="canary"),
            ],
        )
        trainer.put("rft", run_of("rft", digest, policy=FULL))
        trainer.put("rft/rounds/1", round_of("r1", "r2", "r3", "r4", mode="rft", recordsPerStep=1))
        state = trainer.round("rft", 1)
        # Where the model ended by itself, its end is learnt too.
        assert [one["tokens"] for one in state["steps"]] == [2, 2]
        assert [(one["id"], one["reason"]) for one in state["refused"]] == [
            ("r3", "nothing-right"),
            ("r4", "canary"),
        ]


@pytest.mark.parametrize("policy", [LORA, FULL])
def test_kl_and_entropy_are_of_the_loss(trainer: Trainer, digest: str, policy: dict[str, Any]) -> None:
    kind = policy["type"]
    trainer.post("groups", [group(f"k-{kind}", digest)])
    last = []
    for nth, kl in enumerate([0, 5]):
        name = f"kl-{kind}-{nth}"
        trainer.put(name, run_of(name, digest, policy=policy, kl=kl, entropy=0.01))
        trainer.put(f"{name}/rounds/1", round_of(f"k-{kind}", epochs=4))
        last.append(trainer.round(name, 1)["steps"][-1]["loss"])
    assert last[1] > last[0]


class TestBounds:
    def test_no_step_is_begun_once_the_time_is_over(self, trainer: Trainer, digest: str) -> None:
        trainer.post("groups", [group("t1", digest)])
        trainer.put("timed", run_of("timed", digest))
        trainer.put("timed/rounds/1", round_of("t1", epochs=64, mostSeconds=1e-6))
        state = trainer.round("timed", 1)
        assert (state["state"], state["steps"]) == ("done", [])

    def test_weights_that_give_no_numbers_stay_as_they_are_and_say_so(
        self, trainer: Trainer, store: tuple[Path, str]
    ) -> None:
        broken = tiny_model(seed=5)
        with torch.no_grad():
            broken.get_parameter("model.embed_tokens.weight")[TOKENS.index("4")] = float("nan")
        digest = add_to_store(store[0], "broken", broken)
        trainer.post("groups", [group("n1", digest)])
        trainer.put("nan", run_of("nan", digest))
        trainer.put("nan/rounds/1", round_of("n1", epochs=2))
        state = trainer.round("nan", 1)
        assert (state["state"], state["steps"]) == ("done", [])
        assert state["skipped"] == ["non-finite-loss"] * 2
        assert trainer.problem(
            "POST", "/v1/runs/nan/rounds/1/rescore", content=line(group("n1", digest))
        ) == (
            500,
            "damaged",
        )

    def test_a_round_has_not_too_many_steps(self, trainer: Trainer, digest: str) -> None:
        trainer.put("steps", run_of("steps", digest))
        many = round_of(*(str(nth) for nth in range(65)), recordsPerStep=1, epochs=64)
        assert trainer.problem("PUT", "/v1/runs/steps/rounds/1", json=many) == (400, "malformed")


def test_rounds_are_one_after_another(trainer: Trainer, digest: str) -> None:
    path = "/v1/runs/order/rounds"
    assert trainer.problem("PUT", f"{path}/1", json=round_of("o1")) == (404, "no-such-run")
    trainer.put("order", run_of("order", digest))
    assert trainer.problem("PUT", "/v1/runs/order", json=run_of("order", digest, kl=1)) == (409, "differs")
    for number in (0, 2):
        found = trainer.problem("PUT", f"{path}/{number}", json=round_of("o1"))
        assert found in {(409, "not-in-order"), (409, "differs")}
    assert trainer.problem("GET", f"{path}/1") == (404, "no-such-round")
    trainer.put("order/rounds/1", round_of("o1"))
    assert trainer.problem("PUT", f"{path}/1", json=round_of("o2")) == (409, "differs")
    trainer.round("order", 1)


def test_bases_that_cannot_be_trained(trainer: Trainer, store: tuple[Path, str]) -> None:
    unknown = add_to_store(store[0], "unknown", tiny_model(seed=6), pre="deepseek-llm")
    for digest, reason in [("0" * 64, "base-missing"), (unknown, "base-unknown")]:
        wanted = run_of("baseless", digest)
        assert trainer.problem("PUT", "/v1/runs/baseless", json=wanted) == (422, reason)


def test_two_clients_on_one_run(trainer: Trainer, digest: str) -> None:
    names = [f"c{nth}" for nth in range(40)]
    trainer.post("groups", [group(name, digest) for name in names])
    trainer.put("clients", run_of("clients", digest))
    request = round_of(*names, recordsPerStep=1, epochs=8)
    with ThreadPoolExecutor(4) as clients:
        states = list(clients.map(lambda _: trainer.put("clients/rounds/1", request), range(4)))
    assert {state["round"] for state in states} == {1}
    trainer.put("other", run_of("other", digest))
    assert trainer.problem("PUT", "/v1/runs/other/rounds/1", json=request) == (409, "busy")
    assert trainer.problem("PUT", "/v1/runs/clients/rounds/2", json=request) == (409, "not-in-order")
    export = {"form": "merged", "type": "f32"}
    assert trainer.problem("PUT", "/v1/runs/other/rounds/0/export", json=export) == (409, "busy")
    assert trainer.problem("PUT", "/v1/runs/clients/rounds/1/export", json=export) == (409, "not-done")
    # The service answers while it trains.
    begun = time.monotonic()
    assert trainer.client.get("/v1/health").status_code == 200
    assert time.monotonic() - begun < 2
    state = trainer.round("clients", 1, seconds=120)
    assert len(state["steps"]) + len(state["skipped"]) == 40 * 8


def line(*groups: dict[str, Any]) -> bytes:
    """A body of groups."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in groups)


class TestExports:
    def test_are_files_of_a_round_s_weights(self, trainer: Trainer, digest: str, tmp_path: Path) -> None:
        trainer.post("groups", [group("x1", digest)])
        trainer.put("export", run_of("export", digest))
        trainer.put("export/rounds/1", round_of("x1"))
        trainer.round("export", 1)
        wanted = {"form": "merged", "type": "f32"}
        path = "/v1/runs/export/rounds/{}/export"
        assert trainer.problem("GET", path.format(1), params=wanted) == (409, "not-done")
        models = []
        for number in (0, 1):
            made = trainer.put(f"export/rounds/{number}/export", wanted)
            assert trainer.put(f"export/rounds/{number}/export", wanted) == made
            content = trainer.client.get(path.format(number), params=wanted).content
            assert (len(content), sha256(content).hexdigest()) == (made["bytes"], made["sha256"])
            file = tmp_path / f"{number}.gguf"
            file.write_bytes(content)
            models.append(load_base(file, "llama"))
        ours = tiny_model().state_dict()
        base, tuned = (model.state_dict() for model in models)
        assert all(torch.equal(base[name], weight) for name, weight in ours.items())
        assert any(not torch.equal(tuned[name], weight) for name, weight in ours.items())
        adapter = trainer.put("export/rounds/1/export", {"form": "adapter", "type": "f32"})
        assert adapter["bytes"] < len(content)

    def test_of_all_weights_have_no_adapter(self, trainer: Trainer, digest: str) -> None:
        trainer.put("whole", run_of("whole", digest, policy=FULL))
        wanted = {"form": "adapter", "type": "f32"}
        assert trainer.problem("PUT", "/v1/runs/whole/rounds/0/export", json=wanted) == (400, "malformed")


def test_what_was_sampled_is_scored_again(trainer: Trainer, digest: str) -> None:
    trainer.put("rescore", run_of("rescore", digest))
    made = make_rollout(solve_group([attempt([b"4", b"\n"])]), vocabulary())
    assert isinstance(made, Rollout)
    samples = [TrainingSample(Sequel(made.prompt, made.completions[0].tokens), (), Advantage(0))]
    ((_, logprobs),) = score_samples(tiny_model(), samples, StepSettings())
    tokens = [token(piece, min(value, 0)) for piece, value in zip([b"4", b"\n"], logprobs, strict=True)]
    same = group("p1", digest, samples=[attempt([b"4", b"\n"], tokens=tokens)])
    path = "/v1/runs/rescore/rounds/0/rescore"
    found = trainer.client.post(path, content=line(same)).json()
    assert (found["completions"], found["tokens"], found["breaches"]) == (1, 2, [])
    assert found["mean"] < 1e-4
    other = group("p2", digest, samples=[attempt([b"4", b"\n"], tokens=[token(b"4"), token(b"\n")])])
    assert "mean" in trainer.client.post(path, content=line(other)).json()["breaches"]
    nothing = group("p3", digest, samples=[attempt([], finish="end")])
    assert trainer.problem("POST", path, content=line(nothing)) == (422, "nothing-recorded")
    assert trainer.problem("POST", path, content=b"{}\n") == (400, "malformed")


def test_events_go_on_behind_the_last_one_that_was_seen(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("v9", digest)])
    trainer.put("events", run_of("events", digest))

    def follow(last: int, most: int) -> list[tuple[int, dict[str, Any]]]:
        found: list[tuple[int, dict[str, Any]]] = []
        headers = {"Last-Event-ID": str(last)}
        with trainer.client.stream("GET", "/v1/runs/events/events", headers=headers) as answer:
            number = 0
            for text in answer.iter_lines():
                if text.startswith("id: "):
                    number = int(text[4:])
                elif text.startswith("data: "):
                    found.append((number, json.loads(text[6:])))
                    if len(found) == most:
                        break
        return found

    with ThreadPoolExecutor(1) as follower:
        live = follower.submit(follow, 0, 5)
        trainer.put("events/rounds/1", round_of("v9", epochs=2))
        events = live.result(60)
    assert [number for number, _ in events] == [1, 2, 3, 4, 5]
    kinds = [(one["type"], one["state"]["state"] if one["type"] == "round" else "") for _, one in events]
    assert kinds == [
        ("round", "waiting"),
        ("round", "training"),
        ("step", ""),
        ("step", ""),
        ("round", "done"),
    ]
    assert events[-1][1]["state"] == trainer.round("events", 1)
    assert follow(3, 2) == events[3:]
    answer = trainer.client.get("/v1/runs/events/events", headers={"Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "malformed")


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit of another process")
def test_a_full_disk_fails_a_round_that_can_be_asked_for_again(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("d1", digest)])
    trainer.put("full", run_of("full", digest))
    resource = import_module("resource")
    process, limit = trainer.process.pid, resource.RLIMIT_FSIZE
    before = resource.prlimit(process, limit)
    resource.prlimit(process, limit, (2048, before[1]))
    try:
        random = [group(f"full-{nth}", digest, taskId=token_hex(500)) for nth in range(20)]
        assert trainer.problem("POST", "/v1/groups", content=line(*random)) == (507, "disk-full")
        trainer.put("full/rounds/1", round_of("d1"))
        state = trainer.round("full", 1)
        assert (state["state"], state["problem"]["reason"]) == ("failed", "disk-full")
    finally:
        resource.prlimit(process, limit, before)
    trainer.put("full/rounds/1", round_of("d1"))
    assert trainer.round("full", 1)["state"] == "done"
    assert trainer.post("groups", random)["stored"] == 20


def test_metrics(trainer: Trainer, digest: str) -> None:
    trainer.post("groups", [group("z1", digest)])
    trainer.post("groups", [group("z1", digest)])
    text = trainer.client.get("/metrics").text
    assert 'autodidact_records_total{became="known",kind="groups"}' in text
    assert 'route="/v1/groups",status="200"' in text
    assert "autodidact_step_seconds_bucket" in text
