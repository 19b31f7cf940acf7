"""Controls that hold a value."""
