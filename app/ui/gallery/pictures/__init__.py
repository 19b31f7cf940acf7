"""Which pictures are listed, as a list model."""
