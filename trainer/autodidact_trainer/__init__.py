"""Fine-tunes the model that plays, from the stream of groups."""
