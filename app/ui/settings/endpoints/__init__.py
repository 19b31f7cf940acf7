"""The Endpoints page: servers and services of the user's own."""
