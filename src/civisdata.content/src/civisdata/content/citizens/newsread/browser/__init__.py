"""Pages of the news in a space."""
