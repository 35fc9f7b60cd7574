"""What collective.documentviewer 6.0.3 needs on Plone 6.2.

It imports ``IObjectEvent`` and ``ObjectEvent`` from ``zope.component.interfaces``;
they live in ``zope.interface.interfaces``. This module has to be imported before
plone.autoinclude loads the add-ons; importing it twice is harmless.
"""

from zope.component import interfaces as component_interfaces
from zope.interface import interfaces as interface_interfaces
import logging


for _name in ("IObjectEvent", "ObjectEvent"):
    if not hasattr(component_interfaces, _name):
        setattr(component_interfaces, _name, getattr(interface_interfaces, _name))


class _OneLine(logging.Filter):
    """Makes one line of what is logged, with a traceback, for each missing program."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], OSError):
            text = str(record.exc_info[1])
            if text.startswith("Unable to find "):
                effect = _EFFECTS.get(text.split()[3], record.getMessage())
                record.msg, record.args = "%s: %s", (text, effect)
                record.exc_info = None
                record.levelno, record.levelname = logging.INFO, "INFO"
        return True


_EFFECTS = {
    "soffice": "office files are offered for download only (PDF is shown).",
}

logging.getLogger("collective.documentviewer").addFilter(_OneLine())
