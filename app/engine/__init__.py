"""The queue, the worker process and the thread between them and the window."""
