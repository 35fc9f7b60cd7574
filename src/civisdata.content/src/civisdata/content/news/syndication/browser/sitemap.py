"""``sitemap.xml`` with its parts, Plone's former address of it, and ``robots.txt``."""

from civisdata.content.news.syndication import sitemap
from civisdata.content.news.syndication.robots import robots
from civisdata.content.numbers import whole_number
from plone import api
from Products.Five import BrowserView
from zExceptions import NotFound


#: Seconds for which the answers may be kept.
KEPT = 3600


class _Public(BrowserView):
    def answer(self, body: bytes, kind: str) -> bytes:
        response = self.request.response
        response.setHeader("Content-Type", kind)
        response.setHeader("Cache-Control", f"public, max-age={KEPT}")
        return body

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()


class SitemapView(_Public):
    """The index; with ``partie`` one part."""

    def __call__(self) -> bytes:
        asked = self.request.form.get("partie")
        if asked is None:
            body = sitemap.index_of_parts(self.portal_url)
        else:
            try:
                body = sitemap.part(self.portal_url, whole_number(asked, 100_000) or 0)
            except KeyError:
                raise NotFound("sitemap.xml") from None
        return self.answer(body, "application/xml; charset=utf-8")


class OldSitemapView(_Public):
    """Where Plone has its sitemap: the way to ours."""

    def __call__(self) -> str:
        self.request.response.redirect(f"{self.portal_url}/sitemap.xml", status=301)
        return ""


class RobotsView(_Public):
    """What search engines may look at."""

    def __call__(self) -> bytes:
        own = api.portal.get_registry_record("plone.robots_txt", default="") or ""
        body = robots(self.portal_url, own)
        return self.answer(body.encode(), "text/plain; charset=utf-8")
