"""The vault: the age format, documents, uploads, the viewer."""
