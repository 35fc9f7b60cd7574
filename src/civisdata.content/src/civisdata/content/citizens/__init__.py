"""Personal spaces: registration, accounts, sessions, account life."""
