"""Parts of pages: links to feeds, and what pages of news tell to other programs."""

from civisdata.content.news.publisher import publisher_of
from civisdata.content.news.syndication.article import news_article
from civisdata.content.news.syndication.public import Source
from civisdata.content.news.topics import topic_titles
from civisdata.content.territory.directory import publisher_names
from civisdata.content.territory.schema_org import as_script
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from zExceptions import NotFound


class _Part(BrowserView):
    def __call__(self) -> str:
        """Not a page of its own."""
        raise NotFound(self.__name__)


class FeedLinks(_Part):
    """The feeds of the page's publisher and topic: for browsers, and for people."""

    @cached_property
    def source(self) -> Source:
        topic = self.request.form.get("sujet")
        known = isinstance(topic, str) and topic in topic_titles()
        return Source(publisher_of(self.context) or "", topic if known else "")

    @property
    def atom_title(self) -> str:
        return f"{self.source.title()} (Atom)"

    @property
    def json_title(self) -> str:
        return f"{self.source.title()} (JSON)"


class NewsMetadata(_Part):
    """Open Graph and schema.org of a news item's page."""

    @cached_property
    def image(self) -> dict | None:
        """The lead image: absolute address, size, text in its place."""
        if not getattr(self.context, "image", None):
            return None
        scale = api.content.get_view("images", self.context, self.request).scale(
            "image", scale="huge"
        )
        if not scale:
            return None
        return {
            "url": scale.url,
            "width": scale.width,
            "height": scale.height,
            "alt": getattr(self.context, "image_alt", None) or "",
        }

    @property
    def site(self) -> str:
        return api.portal.get().Title()

    @cached_property
    def publisher(self) -> str:
        return publisher_names().get(publisher_of(self.context) or "", self.site)

    @property
    def published(self) -> str:
        return self.context.effective().asdatetime().isoformat(timespec="seconds")

    @property
    def modified(self) -> str:
        return self.context.modified().asdatetime().isoformat(timespec="seconds")

    @property
    def is_public(self) -> bool:
        """Whether it was ever published: drafts tell nothing to other programs."""
        return (
            self.context.effective_date is not None
            and api.content.get_state(self.context) == "published"
        )

    def topics(self) -> list[str]:
        known = topic_titles()
        chosen = getattr(self.context, "topics", None) or ()
        return [known[id] for id in chosen if id in known]

    def json_ld(self) -> str:
        return as_script(
            news_article(
                url=self.context.absolute_url(),
                title=self.context.Title(),
                summary=self.context.Description(),
                published=self.published,
                modified=self.modified,
                publisher=self.publisher,
                image=self.image["url"] if self.image else "",
                topics=self.topics(),
            )
        )
