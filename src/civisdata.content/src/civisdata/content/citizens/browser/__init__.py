"""Pages of registration and of the personal space's home."""
