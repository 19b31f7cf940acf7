"""The left panel: everything that makes a request."""
