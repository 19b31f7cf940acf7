"""The page of a backend on a server of its user's."""
