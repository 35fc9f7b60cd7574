"""The life of keys: their replacement, and persons who help to get them back."""
