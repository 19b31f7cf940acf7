"""Labels and long texts."""
