"""Communes that leave, and communes that are merged: what it means for their citizens."""
