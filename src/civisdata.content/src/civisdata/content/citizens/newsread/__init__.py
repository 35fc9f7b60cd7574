"""What a citizen has read of the news: kept small, and readable with the pepper only."""

from civisdata.content.citizens import door


door.allow("lire-actualite", "tout-lu")
