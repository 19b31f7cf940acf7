"""Ways to compute a picture. Each backend turns a request into events; none knows of windows, queues or files."""
