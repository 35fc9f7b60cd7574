"""A news item for search engines: schema.org's NewsArticle."""

from collections.abc import Sequence


def news_article(
    *,
    url: str,
    title: str,
    summary: str,
    published: str,
    modified: str,
    publisher: str,
    image: str = "",
    topics: Sequence[str] = (),
) -> dict:
    """Return the item as JSON-LD; times as ISO 8601 with their zone."""
    organization = {"@type": "GovernmentOrganization", "name": publisher}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        # Longer ones are refused by those who read it.
        "headline": title[:110],
        "description": summary,
        "datePublished": published,
        "dateModified": max(published, modified),
        "author": organization,
        "publisher": organization,
        "image": [image] if image else [],
        "articleSection": list(topics),
        "inLanguage": "fr",
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in data.items() if value}
