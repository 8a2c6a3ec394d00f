"""The weights that training begins with, out of the store of Ollama."""
