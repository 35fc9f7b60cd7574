"""The vault: keys, the age format, documents, uploads, the viewer."""
