"""From a line of the stream to tokens that can be trained on."""
