"""Interfaces of the vault."""

from civisdata.content import _
from zope import schema
from zope.interface import Interface


class IVaultDocument(Interface):
    """A document of a citizen: an age file and a signed record, nothing in clear."""


class IVaultSettings(Interface):
    """What webmasters set for all vaults."""

    quota = schema.Int(
        title=_("Space of each citizen (MB)"),
        default=2048,
        min=1,
    )

    max_document = schema.Int(
        title=_("Largest document (MB)"),
        default=1024,
        min=1,
    )

    categories = schema.List(
        title=_("Types of documents"),
        description=_("One line for each: id|title. None: those of Civis Data."),
        value_type=schema.TextLine(),
        required=False,
        default=[],
    )

    retired_categories = schema.List(
        title=_("Types of documents that are no longer offered"),
        value_type=schema.TextLine(),
        required=False,
        default=[],
    )
