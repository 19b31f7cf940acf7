"""Backends that compute on this machine, in the worker process."""
