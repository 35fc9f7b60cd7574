"""The feed of a citizen over the number of news, and over the number of citizens.

    venv/bin/python bench/feed.py [--news 1000 10000 100000] [--citizens 1000 10000 100000]

In one process, on the site of a fresh portal, by processor time: `query` is the feed's
places and rows, `unread` the count of unread ones, `page` all that the home page of a
space needs to show its news, without the template. Beside it stands the same query by
the catalog's own indexes, as it was before the feed had one of its own.

News are real items of all publishers, with topics and ages, in their containers; they are
made without Plone's events, then given to the catalog as it would have been told: the same
indexes and metadata. Citizens are real registrations in their catalog.
"""

from argparse import ArgumentParser
from datetime import datetime
from datetime import UTC
from make_citizen import make
from make_citizen import open_site
from pathlib import Path
from servers import end
from servers import start_civisdata
from servers import wait_for
import os
import random
import shutil
import statistics
import tempfile
import time


TOPICS = ("immobilier", "politique-locale", "elections", "amenagement")
AGES = ("15-17", "18-25", "26-39", "40-59", "60-plus")


def add_news(site, count: int, made: int) -> None:
    """Add ``count`` public news, over the last five years."""
    from DateTime import DateTime
    from plone import api
    from plone.app.textfield import RichTextValue
    from plone.dexterity.utils import createContent
    from plone.uuid.handlers import addAttributeUUID
    from zope.lifecycleevent import ObjectCreatedEvent
    import transaction

    catalog = api.portal.get_tool("portal_catalog")
    workflow = api.portal.get_tool("portal_workflow")
    places = [
        place["actualites"]
        for place in (site["cub"], *site["communes"].objectValues())
        if "actualites" in getattr(place, "objectIds", tuple)()
    ]
    chance, now = random.Random(made), time.time()
    chain = workflow.getChainFor("News Item")[0]
    for number in range(made, made + count):
        section = places[0 if chance.random() < 0.2 else number % len(places)]
        item = createContent(
            "News Item",
            id=f"banc-{number:06}",
            title=f"Actualité {number} de la mesure",
            description="Une phrase de résumé, comme il y en a sous chaque titre.",
            text=RichTextValue("<p>Un texte.</p>", "text/html", "text/x-html-safe"),
            topics=tuple(chance.sample(TOPICS, chance.randint(0, 2))),
            age_brackets=tuple(chance.sample(AGES, chance.choice((0, 0, 1, 2)))),
        )
        addAttributeUUID(item, ObjectCreatedEvent(item))
        item.effective_date = DateTime(now - chance.random() * 5 * 365 * 86400)
        section._setOb(item.getId(), item)
        item = section._getOb(item.getId())
        workflow.setStatusOf(
            chain,
            item,
            {
                "review_state": "published",
                "action": "publish",
                "actor": "",
                "comments": "",
                "time": DateTime(),
            },
        )
        workflow.getWorkflowById(chain).updateRoleMappingsFor(item)
        catalog.catalog_object(item, "/".join(item.getPhysicalPath()))
        if number % 500 == 499:
            transaction.commit()
            site._p_jar.cacheMinimize()
    transaction.commit()


def add_citizens(site, count: int, made: int) -> None:
    """Add ``count`` citizens, each with the registration of a real one."""
    from civisdata.content.citizens.registration import Registration
    from civisdata.content.citizens.registrations import register
    from civisdata.content.citizens.structure import get_spaces
    import transaction

    spaces = get_spaces(site)
    for number in range(made, made + count):
        register(
            spaces,
            Registration(
                first_name="Banc",
                last_name=f"Essai{number}",
                usage_name="",
                address="1 rue de la Mesure",
                address_more="",
                postal_code="33000",
                town="Bordeaux",
                commune="bordeaux",
                birth_date="1980-01-01",
                age_bracket="",
                email=f"banc{number}@example.org",
                services=("documents", "news"),
                publishers=("commune", "cub"),
            ),
            (),
            (),
            with_mail=False,
        )
        if number % 500 == 499:
            transaction.commit()
            site._p_jar.cacheMinimize()
    transaction.commit()


def milliseconds(action, turns: int = 40) -> float:
    """Return the median of an action's processor time, warm."""
    times = []
    for turn in range(turns + 3):
        started = time.process_time()
        action()
        if turn >= 3:
            times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def by_the_catalog(choices) -> None:
    """The feed as one query of the catalog's own indexes."""
    from DateTime import DateTime
    from plone import api

    brains = api.portal.get_tool("portal_catalog").searchResults(
        portal_type=["News Item"],
        review_state="published",
        effectiveRange=DateTime(),
        publisher=sorted(choices.publishers),
        news_origin={"not": sorted(choices.publishers)},
        news_topics=sorted({"*", *choices.topics}),
        news_ages=sorted({"*", *choices.brackets}),
        sort_on="effective",
        sort_order="reverse",
        sort_limit=10,
    )
    for brain in brains[:10]:
        _ = brain.Title, brain.Description, brain.getURL()


def measure(site, space, label: str) -> None:
    from civisdata.content.citizens.newsread.browser.part import places_of
    from civisdata.content.citizens.newsread.choices import choices_of
    from civisdata.content.citizens.newsread.marks import Reading
    from civisdata.content.citizens.registrations import registration_of
    from civisdata.content.interfaces import ICivisdataLayer
    from civisdata.content.news.ages import ages
    from civisdata.content.news.feed import page_of
    from zope.component import getMultiAdapter
    from zope.interface import alsoProvides

    request = site.REQUEST
    alsoProvides(request, ICivisdataLayer)
    choices = choices_of(registration_of(space), datetime.now(UTC).date(), ages())
    reading = Reading(space)
    reading.until = 0

    def page() -> None:
        view = getMultiAdapter((space, request), name="view")
        _ = view.news, view.unread_words, view.chips()
        _ = [(view.is_read(item), view.read_url(item)) for item in view.news.items]

    figures = (
        milliseconds(lambda: page_of(places_of(choices))),
        milliseconds(lambda: reading.count(places_of(choices))),
        milliseconds(page),
        milliseconds(lambda: by_the_catalog(choices), turns=10),
    )
    print(f"{label:>16} " + " ".join(f"{one:10.2f}" for one in figures), flush=True)


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--news", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument(
        "--citizens", type=int, nargs="*", default=[1000, 10_000, 100_000]
    )
    arguments = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="civis-bench-"))
    from civisdata.policy.operations.ports import free_port

    port = free_port()
    process = start_civisdata(var, port)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        end(process)
        os.environ["VAR"] = str(var)
        site = open_site()
        space = make(site)[0]
        print(
            f"{'':16} {'query':>10} {'unread':>10} {'page':>10} {'catalog':>10}  (ms)"
        )
        news = citizens = 0
        for size in arguments.news:
            add_news(site, size - news, news)
            news = size
            measure(site, space, f"{size} news")
        for size in arguments.citizens:
            add_citizens(site, size - citizens, citizens)
            citizens = size
            measure(site, space, f"{size} citizens")
    finally:
        end(process)
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
