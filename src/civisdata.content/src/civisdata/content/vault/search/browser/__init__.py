"""Pages of the search in one's own documents."""

from civisdata.content.citizens import door


door.allow("recherche", "indexer")
