"""What the window says: its language, messages, numbers and names."""
