"""Write a digest in the data of a stopped portal; a process that can be killed.

Run as a script with the portal's environment:

    digest_sender.py SECONDS [READERS PORT]

With READERS and the PORT of a mail server, makes one news item and that many readers
first. Sends the daily issue twice, as it were so many seconds later, and prints how many
mails are reported as uncertain.
"""

from pathlib import Path
import sys
import time


ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    sys.path[:0] = [str(ROOT / "bench")]
    from civisdata.content.citizens import clock
    from civisdata.content.citizens.news_mail.book import get_book
    from civisdata.content.citizens.news_mail.sending import send_issue
    from make_citizen import open_site
    from plone import api
    from send_digest import fill

    later, *numbers = map(int, sys.argv[1:])
    site = open_site()
    if numbers:
        readers, port = numbers
        registry = api.portal.get_tool("portal_registry")
        registry["plone.smtp_host"], registry["plone.smtp_port"] = "127.0.0.1", port
        with api.env.adopt_roles(["Manager"]):
            fill(site, readers, 1)
    clock.set_source(lambda: time.time() + later)
    for _again in range(2):
        send_issue(site, "daily", "today", lambda done, total: None)
    print(len(get_book(site).uncertain))


if __name__ == "__main__":
    main()
