"""Feeds, sitemap and metadata over HTTP."""
