"""Start, stop and set-up of a server."""
