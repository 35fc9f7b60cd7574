"""Steps from one version of the profile to the next; each may run twice."""
