"""How a personal space looks: what its citizen chooses, and keeps with the space."""
