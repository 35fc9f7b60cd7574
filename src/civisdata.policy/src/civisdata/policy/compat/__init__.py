"""Names that collective.documentviewer 6.0.3 still looks for where they were.

It imports ``IObjectEvent`` and ``ObjectEvent`` from ``zope.component.interfaces``;
they live in ``zope.interface.interfaces``. This module has to be imported before
plone.autoinclude loads the add-ons; importing it twice is harmless.
"""

from zope.component import interfaces as component_interfaces
from zope.interface import interfaces as interface_interfaces


for _name in ("IObjectEvent", "ObjectEvent"):
    if not hasattr(component_interfaces, _name):
        setattr(component_interfaces, _name, getattr(interface_interfaces, _name))
