"""News by e-mail (R21): at once, once a day or once a week."""
