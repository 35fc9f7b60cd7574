"""Pages of how a space looks."""

from civisdata.content.citizens import door


door.allow("apparence")
