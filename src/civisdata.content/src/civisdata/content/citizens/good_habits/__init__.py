"""« Bons gestes » (R26): short advice on security, one at a time."""
