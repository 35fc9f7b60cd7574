"""Search of the public site: French words, results with filters, suggestions."""
