"""``robots.txt``: where the sitemap is, and what no search engine needs."""

from plone.base.interfaces.controlpanel import ROBOTS_TXT


#: Spaces, log-in, searches, and pages for the staff. None of it is open to robots
#: anyway: this saves both sides the requests.
CLOSED = (
    "/espaces",
    "/@@inscription",
    "/@@confirmer-inscription",
    "/@@ne-plus-m-inviter",
    "/@@login",
    "/login",
    "/@@mon-espace",
    "/@@mot-de-passe-oublie",
    "/@@search",
    "/search",
    "/@@a-publier",
    "/@@sitemap",
    "/*/@@apercu",
    "/*/@@publication",
    "/*/edit",
    "/*?debut=",
)


def robots(portal_url: str, own: str) -> str:
    """Return the text; ``own`` is the webmasters' from Plone's control panel.

    Plone's default says nothing of this portal and is left out.
    """
    lines = [
        f"Sitemap: {portal_url}/sitemap.xml",
        "",
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
    ]
    text = "\n".join(lines) + "\n"
    own = own.replace("\r\n", "\n").strip()
    if own and own != ROBOTS_TXT.strip():
        text += "\n" + own.replace("{portal_url}", portal_url) + "\n"
    return text
