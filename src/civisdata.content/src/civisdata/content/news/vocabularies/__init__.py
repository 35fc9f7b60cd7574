"""The topics that webmasters manage: added, renamed, ordered, retired, never reused."""
