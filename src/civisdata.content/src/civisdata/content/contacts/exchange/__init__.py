"""The address book as a table: export, and import with a dry run."""
