"""Frame of the pages, errors, charter."""
