"""Writing and publishing news: forms, states, scheduled start and end, mail, worklist."""
