"""Reasons of refusals that webmasters have written down, to choose from at the desk."""

from civisdata.content.citizens.registration_settings import setting
from hashlib import blake2b


def reason_id(text: str) -> str:
    """Return what a form calls a reason by: it changes with the text."""
    return blake2b(text.encode(), digest_size=6).hexdigest()


def reasons() -> dict[str, str]:
    """Return the reasons that can be chosen, id → text, in their order."""
    lines = (line.strip() for line in (setting("refusal_reasons") or "").splitlines())
    return {reason_id(line): line for line in lines if line}


def composed(chosen: str, typed: str) -> str:
    """Return the reason that a person reads: the chosen one, then what was added.

    KeyError where the chosen one is no longer in the list.
    """
    texts = [reasons()[chosen]] if chosen else []
    texts.append(typed.strip())
    return "\n\n".join(text for text in texts if text)
