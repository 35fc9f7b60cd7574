"""A value that cannot be used: one clear line, in the language of who reads it."""

from zope.i18n import interpolate
from zope.i18nmessageid import Message


class Refusal(ValueError):
    """Carries a translatable line; ``str()`` gives it in English, for logs."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        if isinstance(self.message, Message):
            return interpolate(str(self.message), self.message.mapping)
        return self.message
