"""« Qui voit quoi » (R36): all who may see something of a space, on one page."""
