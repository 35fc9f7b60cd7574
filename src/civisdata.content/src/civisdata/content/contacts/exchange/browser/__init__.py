"""Pages of export and import."""
