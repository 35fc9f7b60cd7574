"""Example content, marked as such, for a portal that is being tried."""

from civisdata.content.news.feed import EXAMPLE_SUBJECT
from DateTime import DateTime
from importlib.resources import files
from plone import api
from plone.app.textfield import RichTextValue
from plone.dexterity.utils import createContentInContainer
from plone.namedfile.file import NamedBlobImage
import json


#: Said at the end of each text.
NOTICE = (
    "<p><em>Ce texte est un exemple&nbsp;: il montre l’aspect d’une actualité.</em></p>"
)


def create_examples(site) -> None:
    """Publish the example news in ``site``; those that exist are left alone."""
    folder = files("civisdata.policy.distribution").joinpath("example")
    for row in json.loads(folder.joinpath("news.json").read_text(encoding="utf-8")):
        section = site.unrestrictedTraverse(row["place"])
        if row["id"] in section:
            continue
        image = None
        if row.get("image"):
            data = folder.joinpath("images", row["image"]).read_bytes()
            image = NamedBlobImage(data, "image/png", row["image"])
        html = "".join(f"<p>{paragraph}</p>" for paragraph in row["text"]) + NOTICE
        item = createContentInContainer(
            section,
            "News Item",
            checkConstraints=False,
            id=row["id"],
            title=row["title"],
            description=row["summary"],
            text=RichTextValue(html, "text/html", "text/x-html-safe"),
            image=image,
            subject=(EXAMPLE_SUBJECT,),
        )
        api.content.transition(item, "publish")
        item.setEffectiveDate(DateTime() - row["days_ago"])
        item.reindexObject()
