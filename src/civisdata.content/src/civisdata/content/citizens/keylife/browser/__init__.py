"""Pages about keys: views of a personal space."""

from civisdata.content.citizens import door


door.allow("nouvelles-cles", "personnes-de-confiance", "demander-de-l-aide")
