"""Sharing documents and folders with other citizens (R18)."""
