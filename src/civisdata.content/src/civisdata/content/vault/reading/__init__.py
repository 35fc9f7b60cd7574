"""Reading in the page: the viewer, small images, office files."""
