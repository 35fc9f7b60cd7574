"""Browsers that a citizen has logged in with: a new one is announced by e-mail."""
