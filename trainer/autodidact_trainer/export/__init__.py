"""Tuned weights as Ollama takes them."""
