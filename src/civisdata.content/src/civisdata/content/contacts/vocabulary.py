"""Procedures to choose from in forms, theme by theme."""

from Acquisition import aq_base
from civisdata.content.contacts.procedures import all_themes
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


@provider(IVocabularyFactory)
def procedures_vocabulary(context) -> SimpleVocabulary:
    """Vocabulary ``civisdata.procedures``.

    What is edited keeps its retired procedures until its editor takes them away.
    """
    own = getattr(aq_base(context), "procedures", None) or ()
    return SimpleVocabulary(
        [
            SimpleTerm(found.id, found.id, f"{theme.title}\u00a0: {found.title}")
            for theme in all_themes()
            for found in theme.procedures
            if found.id in own or not (theme.retired or found.retired)
        ]
    )
