"""Pages of the vault: views of a personal space, thin shells over this room."""

from civisdata.content.citizens import door


# The other views are found by @@documents, below a document's id.
door.allow("documents", "depot")
