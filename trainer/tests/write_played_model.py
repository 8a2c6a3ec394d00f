"""Writes a small random model with the tokens of a real one, and tells how many tokens a prompt has, for other languages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from publishing import write_qwen2

from autodidact_trainer.base.gguf_file import read_gguf
from autodidact_trainer.base.vocabulary import Vocabulary

if __name__ == "__main__":
    target = Path(sys.argv[2])
    write_qwen2(Path(sys.argv[1]), target)
    tokens = len(Vocabulary(read_gguf(target).spelling).encode(sys.argv[3]))
    sys.stdout.write(json.dumps({"promptTokens": tokens}) + "\n")
