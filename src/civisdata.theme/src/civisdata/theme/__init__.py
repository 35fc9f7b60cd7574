"""The look of Civis Data."""

from zope.i18nmessageid import MessageFactory


_ = MessageFactory("civisdata")
