"""Templates for what a page has many times: the lines of lists.

Zope's page templates look up each expression when it runs, a tenth of a millisecond each:
a list of fifty documents has two thousand. These are Chameleon's own: expressions are
Python, compiled once; what they give is escaped just the same.
"""

from chameleon import PageTemplateFile
from pathlib import Path


def quick_template(module: str, name: str) -> PageTemplateFile:
    """Give a template of the folder ``templates`` beside a module (its ``__file__``).

    Called with its variables, it gives HTML. Errors name types, not values: those are
    what a citizen wrote.
    """
    return PageTemplateFile(
        str(Path(module).parent / "templates" / name),
        trim_attribute_space=True,
        value_repr=lambda value: type(value).__name__,
    )
