"""What of a record is trained on, and as which tokens."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from tiny import END, MERGES, START, TOKENS, attempt, record, solve_group, spelling, token, vocabulary

from autodidact_trainer.base.vocabulary import Vocabulary
from autodidact_trainer.errors import TrainerError
from autodidact_trainer.rollouts.reading import BadLine, read_group, read_groups
from autodidact_trainer.rollouts.rollout import Completion, RefusedGroup, Rollout, make_rollout

if TYPE_CHECKING:
    from autodidact_trainer.rollouts.records import ProposeGroup, SolveGroup

PAIR = [attempt([b"4", b"\n"]), attempt([b"5", b"\n"], 1)]


def made(samples: list[dict[str, Any]], **changed: Any) -> Rollout:
    """A rollout that is not refused as a whole."""
    rollout = make_rollout(solve_group(samples, **changed), vocabulary())
    assert isinstance(rollout, Rollout)
    return rollout


class TestTokens:
    def test_are_those_of_the_bytes(self) -> None:
        # As text, "ret" would be one token.
        rollout = made([attempt([b"re", b"t", b"\n"])])
        assert [TOKENS[one] for one in rollout.completions[0].tokens] == ["re", "t", "Ċ"]
        assert rollout.completions[0].logprobs == (-1, -1, -1)

    def test_the_terminator_belongs_to_the_answer(self) -> None:
        assert made(PAIR).completions[0].tokens[-1] == TOKENS.index("Ċ")

    def test_where_the_model_ended_itself_its_end_is_put_there_and_marked(self) -> None:
        rollout = made([attempt([b"4"], finish="end"), attempt([], 1, finish="end")])
        first, second = rollout.completions
        assert first == Completion(0, (TOKENS.index("4"), END), (-1,), end_imputed=True)
        assert second == Completion(1, (END,), (), end_imputed=True)

    def test_what_was_cut_stays_as_it_stands(self) -> None:
        completion = made([attempt([b"4", b"4"], finish="length")]).completions[0]
        assert (len(completion.tokens), completion.end_imputed) == (2, False)

    def test_the_prompt_s_special_tokens_are_tokens(self) -> None:
        prompt = "<|start|> = 2"
        found = vocabulary().encode(prompt)
        assert [TOKENS[one] for one in found] == ["<|start|>", "Ġ=", "Ġ", "2"]

    def test_the_reward_of_what_is_not_trained_on_counts_for_its_siblings(self) -> None:
        rollout = made([PAIR[0], attempt([b"?"], 1, trainable=False)])
        assert [one.reward for one in rollout.scored] == [1, 0]
        assert [one.index for one in rollout.completions] == [0]
        assert rollout.refused == ((1, "broken-character"),)


class TestRefusedSamples:
    @pytest.mark.parametrize(
        ("sample", "reason"),
        [
            (attempt([b"4"], trainable=False), "broken-character"),
            (attempt([b"4"], finish="stall"), "unfinished"),
            (attempt([b"4"], finish="aborted"), "unfinished"),
            (attempt([]), "no-tokens"),
            # Measured: of 16 tokens of a random model, Ollama 0.17.4 reported 12; the others were stray bytes.
            (attempt([b"4"], completionTokens=2), "tokens-missing"),
            (attempt([b"4"], completionTokens=3, finish="end"), "tokens-missing"),
            (attempt([b"4"], text="44"), "text-differs"),
            (attempt([b"44"]), "unknown-token"),
            (attempt([b"4"], tokens=[{"bytes": "!", "logprob": -1}]), "unknown-token"),
            (attempt([b"4"], tokens=[token(b"4", 0.5)]), "bad-logprob"),
        ],
    )
    def test_say_why(self, sample: dict[str, Any], reason: str) -> None:
        rollout = made([sample])
        assert rollout.completions == ()
        assert rollout.refused == ((0, reason),)


class TestRefusedGroups:
    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"notTrainable": "prompt-cut"}, "prompt-cut"),
            ({"trainable": False}, "off-policy"),
            ({"prompt": ">>> f(2)"}, "prompt-tokens"),
            ({"samples": []}, "no-samples"),
            ({"samples": [PAIR[0], PAIR[0]]}, "repeated-seed"),
            *(
                ({"sampling": {**record([])["sampling"], name: value}}, "off-policy")
                for name, value in [
                    ("temperature", 0.7),
                    ("topK", 40),
                    ("topP", 0.9),
                    ("minP", 0.05),
                    ("repeatPenalty", 1.1),
                ]
            ),
        ],
    )
    def test_say_why(self, changed: dict[str, Any], reason: str) -> None:
        found = make_rollout(solve_group(**{"samples": PAIR, **changed}), vocabulary())
        assert isinstance(found, RefusedGroup)
        assert found.reason == reason


class TestLines:
    def test_a_group(self) -> None:
        assert read_group(json.dumps(record(PAIR)).encode()) == solve_group(PAIR)

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"", "not-json"),
            (b'{"schema":1', "not-json"),
            (b"\xff", "not-json"),
            (b"[]", "malformed"),
            (b"[" * 100_000, "not-json"),
            (json.dumps(record(PAIR, schema=2)).encode(), "unknown-schema"),
            (json.dumps({"schema": 2, "new": True}).encode(), "unknown-schema"),
            (json.dumps(record(PAIR, role="judge")).encode(), "malformed"),
            (json.dumps(record([attempt([b"4"], reward={"total": "1", "parts": {}})])).encode(), "malformed"),
            (
                json.dumps(record([attempt([b"4"], reward={"total": float("nan"), "parts": {}})])).encode(),
                "malformed",
            ),
            (json.dumps(record([attempt([b"4"], promptTokens=-1)])).encode(), "malformed"),
        ],
    )
    def test_that_are_none_say_why(self, line: bytes, reason: str) -> None:
        found = read_group(line)
        assert isinstance(found, BadLine)
        assert found.reason == reason

    def test_a_file_s_last_line_may_be_cut_off(self) -> None:
        line = json.dumps(record(PAIR)).encode()
        first, second = read_groups(io.BytesIO(line + b"\n" + line[:-1]))
        assert not isinstance(first, BadLine)
        assert isinstance(second, BadLine)
        assert second.reason == "cut-off"

    def test_a_line_without_end_is_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        line = json.dumps(record(PAIR)).encode() + b"\n"
        monkeypatch.setattr("autodidact_trainer.rollouts.reading.LONGEST_LINE", len(line))
        first, second = read_groups(io.BytesIO(b"x" * 5 * len(line) + b"\n" + line))
        assert isinstance(first, BadLine)
        assert first.reason == "too-long"
        assert second == solve_group(PAIR)


@pytest.mark.parametrize(
    ("pre", "text", "pieces"),
    [
        ("gpt-2", "f(12345) don't", ["f", "(", "12345", ")", "Ġdon", "'t"]),
        ("gpt-2", "    2", ["ĠĠĠ", "Ġ2"]),
        ("smollm", "f(123)", ["f", "(", "1", "2", "3", ")"]),
        ("smollm", "    2", ["ĠĠĠĠ", "2"]),
        ("llama-bpe", "f(12345)", ["f", "(", "123", "45", ")"]),
        ("llama-bpe", ")\n\n  x", [")ĊĊ", "Ġ", "Ġx"]),
        ("qwen2", "f(123)", ["f", "(", "1", "2", "3", ")"]),
        ("qwen2", "I'LL \n", ["I", "'LL", "ĠĊ"]),
    ],
)
def test_text_is_cut_by_the_rules_that_the_file_names(pre: str, text: str, pieces: list[str]) -> None:
    rules = Vocabulary(spelling(pre=pre)).tokenizer.pre_tokenizer
    assert [piece for piece, _ in rules.pre_tokenize_str(text)] == pieces


def test_rules_that_are_not_known_are_refused() -> None:
    with pytest.raises(TrainerError) as caught:
        Vocabulary(spelling(pre="deepseek-llm"))
    assert caught.value.reason == "unknown-tokenizer"


def test_bytes_of_two_tokens_are_none() -> None:
    # A special token may be spelled like a normal one.
    doubled = Vocabulary(spelling(tokens=[*TOKENS, "é"], kinds=[1] * START + [3, 3, 4]))
    assert doubled.id_of("é".encode()) == len(TOKENS)
    assert Vocabulary(spelling(tokens=[*TOKENS, "4"], kinds=[1] * START + [3, 3, 4])).id_of(b"4") is None


def test_a_prompt_begins_as_the_file_says() -> None:
    assert Vocabulary(spelling(bos=START)).encode("4") == [START, TOKENS.index("4")]


def test_the_tiny_vocabulary_merges() -> None:
    """What the tests above take for granted."""
    assert [TOKENS[one] for one in vocabulary().encode("ret")] == [MERGES[2].replace(" ", "")]


def test_our_tokens_of_recorded_prompts_are_as_many_as_ollama_counted(
    recorded: list[ProposeGroup | SolveGroup], smollm2_vocabulary: Vocabulary
) -> None:
    """With the real model; `make_rollout` refuses a group where they are not."""
    for group in recorded:
        rollout = make_rollout(group, smollm2_vocabulary)
        assert isinstance(rollout, Rollout)
        assert rollout.refused == ()
        assert len(rollout.completions) == len(group.samples)


def test_digits_behind_spaces_are_tokens_as_llama_cpp_cuts_them(smollm2_vocabulary: Vocabulary) -> None:
    """The conversion by transformers of the same file gives three spaces and then a space of its own here."""
    spaces, digit = smollm2_vocabulary.encode("    2")
    assert smollm2_vocabulary.id_of(b"    ") == spaces
    assert smollm2_vocabulary.id_of(b"2") == digit
