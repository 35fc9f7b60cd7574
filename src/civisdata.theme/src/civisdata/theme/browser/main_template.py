"""One frame for all pages: light for visitors and citizens, whole for editors."""

from Products.CMFPlone.browser.main_template import MainTemplate as PloneMainTemplate
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class MainTemplate(PloneMainTemplate):
    """Plone's slots in our frame; Plone's scripts only where somebody edits."""

    main_template = ViewPageTemplateFile("templates/main_template.pt")
