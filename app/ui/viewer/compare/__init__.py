"""A few pictures side by side."""
