"""Administrations ask citizens for documents (R37)."""
