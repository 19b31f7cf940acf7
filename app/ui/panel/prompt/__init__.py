"""The prompt: its field, its history, and what the model makes of it."""
