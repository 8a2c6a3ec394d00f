"""From the rewards of a batch of groups to advantages. Pure functions."""
