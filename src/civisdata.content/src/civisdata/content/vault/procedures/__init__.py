"""Which papers of a procedure its citizen holds; worked out in the open session only."""
