"""The civisdata distribution: a complete site."""
