"""The tokens of a model: text into ids as Ollama does it, and the bytes of each id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, PreTokenizer, Sequence, Split

from autodidact_trainer.errors import TrainerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as SequenceOf

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_LLAMA3 = (
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

PRE_TOKENIZERS: Mapping[str, tuple[str, ...]] = {
    "gpt-2": (_GPT2,),
    "smollm": (r"\p{N}", _GPT2),
    "llama-bpe": (_LLAMA3.replace("DIGITS", "{1,3}"),),
    "qwen2": (_LLAMA3.replace("DIGITS", ""),),
}
"""How text is cut before its pieces become tokens, by `tokenizer.ggml.pre` (llama.cpp, `llama-vocab.cpp`).

transformers' own conversion of a GGUF takes `gpt-2` for all of them: then digits after spaces become other tokens.
"""

IGNORE_MERGES = frozenset({"llama-bpe"})
"""Pre-tokenizers with which a piece that is a token as a whole is that token, whatever the merges say."""

_CONTROL = 3
_USER_DEFINED = 4


@dataclass(frozen=True)
class Spelling:
    """What a GGUF tells of its tokens. `kinds`: 1 normal, 3 control, 4 user-defined, 5 unused (ggml's token types)."""

    tokens: SequenceOf[str]
    kinds: SequenceOf[int]
    merges: SequenceOf[str]
    pre: str
    eos: int
    bos: int | None
    """Set where each prompt begins with it."""


class Vocabulary:
    """Byte-level BPE (`tokenizer.ggml.model` = `gpt2`). Raises `TrainerError` `unknown-tokenizer` for an unknown `pre`."""

    def __init__(self, spelling: Spelling) -> None:
        if spelling.pre not in PRE_TOKENIZERS:
            raise TrainerError(
                "unknown-tokenizer",
                f"Text is cut by the rules '{spelling.pre}', which are not known here ({', '.join(PRE_TOKENIZERS)}).",
            )
        self.size = len(spelling.tokens)
        self.eos = spelling.eos
        self.tokenizer = _tokenizer(spelling)
        self._bos = [] if spelling.bos is None else [spelling.bos]
        special = {_CONTROL, _USER_DEFINED}
        self._ids: dict[bytes, int | None] = {}
        for index, (token, kind) in enumerate(zip(spelling.tokens, spelling.kinds, strict=True)):
            content = token.encode() if kind in special else _bytes_of(token)
            # Two tokens of the same bytes cannot be told apart by them.
            self._ids[content] = None if content in self._ids else index

    def encode(self, text: str, *, begin: bool = True) -> list[int]:
        """The ids of a prompt that is sent raw: special tokens in it are recognised, as Ollama does.

        `begin`: false for what goes on behind a prompt.
        """
        return [*(self._bos if begin else []), *self.tokenizer.encode(text, add_special_tokens=False).ids]

    def id_of(self, content: bytes) -> int | None:
        """The one token of exactly these bytes; None where there is none, or more than one."""
        return self._ids.get(content)


def _tokenizer(spelling: Spelling) -> Tokenizer:
    vocabulary = {token: index for index, token in enumerate(spelling.tokens)}
    merges = [_pair(merge) for merge in spelling.merges]
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=merges, ignore_merges=spelling.pre in IGNORE_MERGES))
    splits: list[PreTokenizer] = [
        Split(Regex(pattern), behavior="isolated") for pattern in PRE_TOKENIZERS[spelling.pre]
    ]
    tokenizer.pre_tokenizer = Sequence([*splits, ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = ByteLevelDecoder()
    for token, kind in zip(spelling.tokens, spelling.kinds, strict=True):
        if kind == _CONTROL:
            tokenizer.add_special_tokens([AddedToken(token, normalized=False)])
        elif kind == _USER_DEFINED:
            tokenizer.add_tokens([AddedToken(token, normalized=False)])
    return tokenizer


def _pair(merge: str) -> tuple[str, str]:
    left, _, right = merge.partition(" ")
    return left, right


def _byte_letters() -> dict[str, int]:
    """The letter that stands for each byte in a byte-level vocabulary (GPT-2: printable ones stand for themselves)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + nth): byte for nth, byte in enumerate(others)}


_BYTES = _byte_letters()


def _bytes_of(token: str) -> bytes:
    """The bytes of a normal token. One with a letter that stands for no byte is spelled as it is."""
    try:
        return bytes(_BYTES[letter] for letter in token)
    except KeyError:
        return token.encode()
