"""Topics of news: what webmasters file news under and citizens choose from.

The list is the registry record ``civisdata.topics``: stable id → title. Ids are
never reused, as citizens' choices and news items refer to them.
"""

from plone import api
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


RECORD = "civisdata.topics"


def topics() -> dict[str, str]:
    """Return the topics of this portal, id → title, in the webmasters' order."""
    return dict(api.portal.get_registry_record(RECORD, default=None) or {})


@provider(IVocabularyFactory)
def topics_vocabulary(context) -> SimpleVocabulary:
    """Vocabulary ``civisdata.topics`` for forms."""
    return SimpleVocabulary(
        [SimpleTerm(id, id, title) for id, title in topics().items()]
    )
