"""The pages that the footer leads to; webmasters change them like any page."""

from importlib.resources import files
from plone import api
from plone.app.textfield import RichTextValue
from plone.dexterity.utils import createContentInContainer


#: Id, title and description; the text is in ``pages/<id>.html``.
PAGES = (
    (
        "accessibilite",
        "Accessibilité",
        "Où en est le service, et à qui signaler une difficulté.",
    ),
    ("mentions-legales", "Mentions légales", "Qui édite ce service."),
    (
        "donnees-personnelles",
        "Données personnelles",
        "Ce que nous gardons, qui le voit, et comment l’effacer.",
    ),
    ("contact", "Contact", "Nous écrire."),
)


def create_pages(site) -> None:
    """Create the pages in ``site``; those that exist are left alone."""
    folder = files("civisdata.policy.distribution").joinpath("pages")
    for name, title, description in PAGES:
        if name in site:
            continue
        html = folder.joinpath(f"{name}.html").read_text(encoding="utf-8")
        page = createContentInContainer(
            site,
            "Document",
            checkConstraints=False,
            id=name,
            title=title,
            description=description,
            text=RichTextValue(html, "text/html", "text/x-html-safe"),
            exclude_from_nav=True,
        )
        api.content.transition(page, "publish")
