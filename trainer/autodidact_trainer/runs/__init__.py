"""Runs of training, and their rounds."""
