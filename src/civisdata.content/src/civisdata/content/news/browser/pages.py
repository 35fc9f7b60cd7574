"""Views of the public site; thin shells over the feed and the list of communes."""

from Acquisition import aq_base
from civisdata.content import _
from civisdata.content.news.dates import long_date
from civisdata.content.news.dates import long_moment
from civisdata.content.news.editing.states import PUBLISHED
from civisdata.content.news.editing.states import state_of
from civisdata.content.news.feed import EXAMPLE_SUBJECT
from civisdata.content.news.feed import feed
from civisdata.content.news.feed import FeedPage
from civisdata.content.news.publisher import publisher_of
from civisdata.content.news.reuse.sources import item_of
from civisdata.content.news.reuse.sources import source_of
from civisdata.content.news.reuse.taking import may_take
from civisdata.content.news.topics import topic_titles
from civisdata.content.news.topics import topics
from civisdata.content.numbers import whole_number
from civisdata.content.territory.directory import directory
from civisdata.content.territory.directory import publisher_names
from civisdata.content.territory.names import town_title
from DateTime import DateTime
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from urllib.parse import urlencode


class NewsPage(BrowserView):
    """What the pages with news have in common."""

    @cached_property
    def names(self) -> dict[str, str]:
        return publisher_names()

    @cached_property
    def language(self) -> str:
        return api.portal.get_current_language()

    @cached_property
    def topic_names(self) -> dict[str, str]:
        return topic_titles()

    def source_title(self, publisher: str) -> str:
        """Return how a publisher is named as a source: « Ville de Bègles »."""
        name = self.names.get(publisher, publisher)
        return name if publisher == "cub" else town_title(name)

    def topics_of(self, ids) -> list[str]:
        """Return the titles of topics; ids that nothing knows any more are left out."""
        return [self.topic_names[id] for id in ids if id in self.topic_names]

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    def date(self, moment) -> str:
        return long_date(moment, self.language)

    def moment(self, moment: DateTime) -> str:
        """Return day and time of a Plone date in words."""
        return long_moment(moment.asdatetime(), self.language)

    @property
    def start(self) -> int:
        return whole_number(self.request.form.get("debut"), 100_000) or 0


class HomeView(NewsPage):
    """The home page of the portal."""

    full_width = True
    page_description = _(
        "The digital space of the inhabitants of the Communauté urbaine de Bordeaux: "
        "personal documents, news of the communes."
    )

    def news(self) -> FeedPage:
        return feed(size=4)

    @cached_property
    def communes(self):
        return directory(self.context)

    @cached_property
    def names(self) -> dict[str, str]:
        return {row.slug: row.name for row in self.communes} | {
            "cub": self.context["cub"].title
        }


class SiteNewsView(NewsPage):
    """All public news, or those of one topic."""

    page_title = _("News")
    publishers: list[str] | None = None

    @cached_property
    def page(self) -> FeedPage:
        return feed(self.publishers, topic=self.topic, start=self.start)

    @property
    def topic(self) -> str | None:
        """The topic asked for; what isn't one asks for all."""
        value = self.request.form.get("sujet")
        return value if isinstance(value, str) and value in self.topic_names else None

    @property
    def base_url(self) -> str:
        return self.request.get("ACTUAL_URL")

    def page_url(self, start: int) -> str:
        """Return the address of the list from ``start`` on, of the same topic."""
        query = {"sujet": self.topic} if self.topic else {}
        if start:
            query["debut"] = start
        return f"{self.base_url}?{urlencode(query)}" if query else self.base_url

    def filters(self) -> list[dict]:
        """Return the topics as links, the one asked for marked; retired ones only so."""
        offered = topics()
        if self.topic and self.topic not in offered:
            offered[self.topic] = self.topic_names[self.topic]
        here = self.topic
        return [
            {"url": self.base_url, "title": _("All topics"), "current": here is None},
            *(
                {
                    "url": f"{self.base_url}?{urlencode({'sujet': id})}",
                    "title": title,
                    "current": here == id,
                }
                for id, title in offered.items()
            ),
        ]


class SectionNewsView(SiteNewsView):
    """The news of one publisher: view of its folder ``actualites``."""

    page_title = None

    @property
    def publishers(self) -> list[str]:
        return [publisher_of(self.context) or ""]


class PublisherView(NewsPage):
    """The page of a commune, or of the CUB; a former commune leads to its successor."""

    full_width = True

    def __call__(self) -> str:
        successor = getattr(aq_base(self.context), "successor", "")
        if successor and successor in self.context.__parent__:
            url = self.context.__parent__[successor].absolute_url()
            self.request.response.redirect(url, status=301)
            return ""
        return self.index()

    def news(self) -> FeedPage:
        return feed([self.context.getId()], size=4)

    @property
    def add_url(self) -> str:
        """Where those who write for this publisher do so; nothing for the others."""
        section = self.context.get("actualites")
        if section is None or not api.user.has_permission(
            "plone.app.contenttypes: Add News Item", obj=section
        ):
            return ""
        if not api.user.has_permission("Add portal content", obj=section):
            return ""
        return f"{section.absolute_url()}/++add++News Item"

    def section(self, name: str) -> list:
        """Return the public items of a section, the newest first; at most six."""
        folder = self.context.get(name)
        if folder is None:
            return []
        return api.content.find(
            context=folder,
            depth=1,
            sort_on="effective",
            sort_order="reverse",
            sort_limit=6,
        )[:6]


class SectionView(NewsPage):
    """A section that holds documents or contacts."""

    def items(self) -> list:
        return api.content.find(context=self.context, depth=1, sort_on="sortable_title")


class NewsItemView(NewsPage):
    """One news item."""

    is_preview = False

    @cached_property
    def desk(self) -> str:
        """The box of those who may edit the item; nothing for anybody else."""
        if self.is_preview:
            return ""
        box = api.content.get_view("news-desk", self.context, self.request)()
        if box or self.may_take:
            self.request.response.setHeader("Cache-Control", "private, no-store")
        return box

    @cached_property
    def may_take(self) -> bool:
        """Whether an editor of another publisher reads it, who may take it over."""
        staff = api.user.has_permission("civisdata.content: Use publication desk")
        return staff and not self.is_preview and bool(may_take(self.context))

    @property
    def published(self):
        return self.context.effective().asdatetime()

    @property
    def never_published(self) -> bool:
        return self.context.effective_date is None

    @property
    def publisher(self) -> str:
        return self.names.get(publisher_of(self.context) or "", "")

    @property
    def example(self) -> bool:
        return EXAMPLE_SUBJECT in (self.context.Subject() or ())

    @cached_property
    def source(self) -> dict | None:
        """Who wrote it, where it was taken over: title, whether it follows, address."""
        source = source_of(self.context)
        if source is None:
            return None
        original = item_of(source.uid)
        public = (
            original is not None
            and state_of(original) == PUBLISHED
            and api.user.has_permission("View", obj=original)
        )
        return {
            "title": self.source_title(source.publisher),
            "url": original.absolute_url() if public else "",
            "follows": source.follows,
        }

    def text(self) -> str:
        text = self.context.text
        return text.output_relative_to(self.context) if text else ""

    def image(self) -> str:
        """Return the ``img`` element of the lead image, or nothing."""
        if not getattr(self.context, "image", None):
            return ""
        scales = api.content.get_view("images", self.context, self.request)
        scale = scales.scale("image", scale="huge")
        alt = getattr(self.context, "image_alt", None) or ""
        return scale.tag(alt=alt, loading=None, title=None) if scale else ""

    def topics(self) -> list[str]:
        return self.topics_of(getattr(self.context, "topics", None) or ())
