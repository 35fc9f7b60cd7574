"""Procedures: whom to ask, and which papers are needed."""
