"""The work of the registrations desk: batches, reasons, letters, lists, help."""
