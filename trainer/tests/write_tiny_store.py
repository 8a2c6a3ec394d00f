"""Writes a store like Ollama's with a tiny model into a folder, and tells of it, for tests of other languages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tiny import vocabulary
from tiny_store import tiny_store

PROMPT = ">>> f(2)\n"

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    digest = tiny_store(folder)
    tokens = len(vocabulary().encode(PROMPT))
    sys.stdout.write(json.dumps({"digest": digest, "prompt": PROMPT, "promptTokens": tokens}) + "\n")
