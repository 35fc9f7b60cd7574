"""The connection to the staff directory."""
