"""The weight files of a checkpoint: which tensors they hold, and which of the network each is."""
