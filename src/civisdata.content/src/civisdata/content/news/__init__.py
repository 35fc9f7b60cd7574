"""News items, their publishers and the feed query."""
