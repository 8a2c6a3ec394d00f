"""How far the sampler and the trainer are apart on the same tokens."""
