"""What the frame of a page gets of the look that its citizen chose."""

from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.current import current_space
from Products.Five import BrowserView
from zExceptions import NotFound


class CurrentLook(BrowserView):
    """Called by the frame of each page; not a page of its own."""

    def __call__(self) -> str:
        raise NotFound(self.__name__)

    def attributes(self) -> dict[str, str]:
        """Return attributes of ``html``; none for whoever isn't a citizen in session."""
        space = current_space(self.request)
        if space is None:
            return {}
        look = look_of(space)
        values = {
            "data-scheme": look.scheme,
            "data-accent": look.accent,
            "data-density": look.density,
        }
        return {name: value for name, value in values.items() if value}
