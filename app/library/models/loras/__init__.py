"""LoRAs: which layers of a transformer a file changes and by how much, for all backends, and the folder of them."""
