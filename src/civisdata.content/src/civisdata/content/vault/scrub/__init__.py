"""The check of the night: what can be known of stored documents without any key."""
