"""The look of Civis Data."""
