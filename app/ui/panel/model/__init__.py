"""Which model makes the pictures, and what it can do."""
