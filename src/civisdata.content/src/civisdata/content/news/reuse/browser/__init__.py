"""The page on which one takes a news item over."""
