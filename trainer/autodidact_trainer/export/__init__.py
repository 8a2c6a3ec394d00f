"""Tuned weights as Ollama takes them: GGUF files, since its own conversion changes what it does not know."""
