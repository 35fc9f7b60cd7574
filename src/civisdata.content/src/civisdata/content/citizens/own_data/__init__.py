"""A citizen's own settings: who one is, where one lives, what one chose and agreed to."""
