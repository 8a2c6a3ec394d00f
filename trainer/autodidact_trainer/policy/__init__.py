"""The model as a policy: its parameters and the log-probabilities that it gives to tokens."""
