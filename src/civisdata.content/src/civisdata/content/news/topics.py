"""Topics of news: what webmasters file news under and citizens choose from.

Two records of the registry hold stable id → title: ``civisdata.topics`` what is offered,
in the webmasters' order, and ``civisdata.topics_retired`` what no longer is. Ids are never
reused, as citizens' choices and news items refer to them.
"""

from Acquisition import aq_base
from plone import api
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


RECORD = "civisdata.topics"
RETIRED_RECORD = "civisdata.topics_retired"


def _read(record: str) -> dict[str, str]:
    return dict(api.portal.get_registry_record(record, default=None) or {})


def topics() -> dict[str, str]:
    """Return the topics of this portal, id → title, in the webmasters' order."""
    return _read(RECORD)


def retired_topics() -> dict[str, str]:
    """Return the topics that are no longer offered, id → title."""
    return _read(RETIRED_RECORD)


def topic_titles() -> dict[str, str]:
    """Return the titles of all topics that something may have, retired ones last."""
    offered = topics()
    return offered | {
        id: title for id, title in retired_topics().items() if id not in offered
    }


@provider(IVocabularyFactory)
def topics_vocabulary(context) -> SimpleVocabulary:
    """Vocabulary ``civisdata.topics`` for forms.

    What is edited keeps its retired topics until its editor takes them away.
    """
    offered, own = topics(), getattr(aq_base(context), "topics", None) or ()
    kept = {id: title for id, title in retired_topics().items() if id in own}
    return SimpleVocabulary(
        [SimpleTerm(id, id, title) for id, title in {**offered, **kept}.items()]
    )
