"""Loss and optimiser step."""
