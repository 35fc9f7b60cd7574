"""A coarse description of a browser, for the list of one's own sessions."""

import re


_BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def _first(table: tuple, agent: str) -> str:
    return next((name for name, sign in table if re.search(sign, agent)), "")


def describe(agent: str) -> str:
    """Say which browser and system a ``User-Agent`` names, as « Firefox, Windows ».

    An empty string where neither is known.
    """
    agent = agent[:400]
    parts = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(part for part in parts if part)
