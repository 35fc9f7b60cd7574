"""Pages of the registrations desk, below ``/espaces``."""
