"""What the panels of webmasters' vocabularies share: the token, and no lost change."""

from civisdata.content.news.vocabularies.changes import BadVocabulary
from functools import cached_property
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18nmessageid import Message
import json


class VocabularyPanel(BrowserView):
    """A form over a whole vocabulary.

    Subclasses give ``name``, ``index_name`` (of the catalog: which news have which id),
    the messages ``saved`` and ``changed_meanwhile``, ``state`` and ``change``.
    """

    name: str
    index_name: str
    saved: Message
    changed_meanwhile: Message
    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.posted:
            CheckAuthenticator(self.request)
            if self._save():
                api.portal.show_message(self.saved, self.request)
                self.request.response.redirect(self.url, status=303)
                return ""
            self.request.response.setStatus(400)
        return self.index()

    def state(self) -> list:
        """Return the vocabulary as plain lists, to tell whether it was changed."""
        raise NotImplementedError

    def change(self) -> None:
        """Store what was sent; ``BadVocabulary`` where it can't be."""
        raise NotImplementedError

    @property
    def posted(self) -> bool:
        return self.request.get("REQUEST_METHOD") == "POST"

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@{self.name}"

    @property
    def version(self) -> str:
        """What tells whether somebody else has changed the vocabulary meanwhile."""
        return sha256(json.dumps(self.state()).encode()).hexdigest()[:16]

    def typed(self, name: str) -> str:
        value = self.request.form.get(name)
        return value if isinstance(value, str) else ""

    @property
    def added(self) -> str:
        return self.typed("added")

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many news each id has, from the index alone."""
        index = api.portal.get_tool("portal_catalog").Indexes[self.index_name]
        return dict(index.uniqueValues(withLengths=True))

    def _save(self) -> bool:
        if self.typed("version") != self.version:
            self.error = self.changed_meanwhile
            return False
        try:
            self.change()
        except BadVocabulary as error:
            self.error = error.message
            return False
        return True
