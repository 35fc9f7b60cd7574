"""What tests read in pages and in letters about an account."""

import re
import time


def token(page) -> str:
    """Return the token of the forms of a page."""
    return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page.text)[1]


def letter(server, address: str, words: str) -> str:
    """Wait for the letter to an address that says these words; others may come too."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for text in server.texts_to(address):
            if words in " ".join(text.split()):
                return text
        time.sleep(0.05)
    raise AssertionError(words)
