"""Pages of the public site that show news."""
