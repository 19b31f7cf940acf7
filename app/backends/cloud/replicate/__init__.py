"""Pictures from Replicate: a Mac that only draws the window while a server computes.

api      the service, through its client: plain values in and out, every failure one of two exceptions
schema   what a model takes, read from the OpenAPI schema that it publishes
catalog  the models the app offers, their prices, and what they take while the service was not asked yet
output   fetching a finished picture, without credentials, and checking it
pending  what is under way, on disk, so that nothing that was paid for is lost
order    one picture from the order to the pixels, whatever happens in between
placing    creating its prediction, once
following  waiting for it, counting what it cost, fetching the picture
explain  what goes wrong there, in words for the user
tasks    several pictures at once, as one stream of events
timeouts how long it waits for what
backend  the Backend itself

Nothing here imports the client or httpx before the service is really needed.
"""

from app.backends.cloud.replicate.backend import ReplicateBackend

__all__ = ["ReplicateBackend"]
