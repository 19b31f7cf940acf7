"""The list of jobs, which opens above the strip."""
