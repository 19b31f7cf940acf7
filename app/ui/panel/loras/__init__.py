"""The LoRAs of a request: a row for each, and ways to add them."""
