"""The webmasters' page of topics."""
