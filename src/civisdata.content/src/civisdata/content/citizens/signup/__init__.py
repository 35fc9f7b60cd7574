"""Sign-up (R7): the form in steps, what waits for its address to be confirmed, the link."""
