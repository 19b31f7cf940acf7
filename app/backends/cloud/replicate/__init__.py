"""Pictures from Replicate: a Mac that only draws the window while a server computes.

api      the service, through its client: plain values in and out, every failure one of two exceptions
schema   what a model takes, read from the OpenAPI schema that it publishes
catalog  the models the app offers, their prices, and what they take while the service was not asked yet
backend  the Backend itself

Nothing here imports the client or httpx before the service is really needed.
"""

from app.backends.cloud.replicate.backend import ReplicateBackend

__all__ = ["ReplicateBackend"]
