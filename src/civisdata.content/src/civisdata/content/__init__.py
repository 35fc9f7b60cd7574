"""The domain of Civis Data, one folder a domain."""

from zope.i18nmessageid import MessageFactory


_ = MessageFactory("civisdata")
