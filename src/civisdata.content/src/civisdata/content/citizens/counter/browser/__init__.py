"""The counter's page, below ``/espaces``."""
