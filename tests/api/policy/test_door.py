"""Roles × URLs of Plone: what each may reach, and that the rest is not there."""

from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser
import pytest


#: URLs that everybody reaches.
OPEN = (
    "",
    "/cub",
    "/cub/actualites",
    "/communes",
    "/communes/bordeaux",
    "/communes/bordeaux/documents",
    "/login",
    "/@@search?SearchableText=bordeaux",
    "/sitemap",
    "/robots.txt",
    "/favicon.ico",
    "/++plone++static/bundle-plone/bundle.min.js",
)

#: Names of Plone that leak existence, metadata or people (CHECKLIST 3.3); tried on
#: the site and on public content.
CLOSED = (
    "@@author/admin",
    "@@ajax-search?SearchableText=a",
    "@@contact-info",
    "@@contenthistory",
    "@@fileUpload",
    "@@folder_contents",
    "@@folder_listing",
    "@@full_review_list",
    "@@getSource?name=x",
    "@@getVocabulary?name=plone.app.vocabularies.Users",
    "@@getVocabulary?name=plone.app.vocabularies.Principals",
    "@@historyview",
    "@@mail_password",
    "@@manage-group-portlets",
    "@@member-fields",
    "@@member-search",
    "@@new-user",
    "@@overview-controlpanel",
    "@@pas_search",
    "@@personal-information",
    "@@personal-preferences",
    "@@plone_context_state",
    "@@plone_portal_state",
    "@@qsOptions",
    "@@querybuilder_html_results",
    "@@register",
    "@@sendto_form",
    "@@sharing",
    "@@test-rendering",
    "@@tus-upload",
    "@@updateSharingInfo",
    "@@user-information",
    "@@usergroup-userprefs",
    "@@zope_view",
    "acl_users/manage_main",
    "acl_users/source_users/listUserIds",
    "atom.xml",
    "content_status_history",
    "contentIds",
    "error_log/manage_main",
    "getFolderContents",
    "getOwner",
    "itunes.xml",
    "listCreators",
    "mail_password_form",
    "manage",
    "manage_main",
    "newsml.xml",
    "objectIds",
    "passwordreset",
    "portal_catalog/manage_main",
    "portal_catalog/searchResults",
    "portal_memberdata",
    "portal_memberdata/portraits",
    "portal_membership/getHomeFolder",
    "portal_membership/getMemberInfo?memberId=admin",
    "portal_membership/getPersonalPortrait",
    "portal_membership/searchForMembers",
    "portal_membership/setPassword?password=x",
    "portal_registration/testPasswordValidity?password=x",
    "portal_setup/manage_main",
    "recently_modified",
    "recently_published",
    "rss.xml",
    "RSS",
    "search_rss?SearchableText=a",
    "absolute_url",
    "Creator",
    "Title",
)

#: REST services that nobody but staff reaches.
CLOSED_SERVICES = (
    "@actions",
    "@addons",
    "@aliases",
    "@comments",
    "@content-rules",
    "@controlpanels",
    "@copy",
    "@database",
    "@groups",
    "@history",
    "@inherit",
    "@linkintegrity",
    "@lock",
    "@portrait/admin",
    "@principals?search=a",
    "@querysources/x",
    "@querystring",
    "@querystring-search",
    "@registry",
    "@relations",
    "@roles",
    "@sharing",
    "@site",
    "@sources/x",
    "@system",
    "@transactions",
    "@translations",
    "@types",
    "@upgrade",
    "@users",
    "@users/admin",
    "@userschema",
    "@vocabularies",
    "@vocabularies/plone.app.vocabularies.Users",
    "@workflow",
    "@workingcopy",
)

OPEN_SERVICES = ("", "@search?SearchableText=a", "@navigation", "@breadcrumbs")

REFUSED = (401, 403, 404)


@pytest.fixture
def site(functional):
    return functional["portal"]


@pytest.fixture
def visitor(functional):
    browser = Browser(functional["app"])
    browser.raiseHttpErrors = False
    browser.followRedirects = False
    return browser


def status(browser, url: str, **headers) -> int:
    """Open a URL and return the status; a redirect to the log-in counts as 401."""
    browser.open(url)
    code = int(browser.headers["status"].split()[0])
    if code in (301, 302, 303) and "login" in browser.headers.get("Location", ""):
        return 401
    return code


@pytest.mark.parametrize("path", OPEN)
def test_visitors_reach_public_pages(site, visitor, path):
    assert status(visitor, site.absolute_url() + path) == 200


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("context", ["", "/communes/bordeaux"])
def test_visitors_reach_no_leaking_view(site, visitor, context, path):
    assert status(visitor, f"{site.absolute_url()}{context}/{path}") in REFUSED


@pytest.mark.parametrize("path", OPEN_SERVICES)
def test_visitors_read_public_content_by_rest(site, visitor, path):
    visitor.addHeader("Accept", "application/json")
    assert status(visitor, f"{site.absolute_url()}/communes/bordeaux/{path}") == 200


@pytest.mark.parametrize("path", CLOSED_SERVICES)
@pytest.mark.parametrize("context", ["", "/communes/bordeaux"])
def test_visitors_reach_no_other_service(site, visitor, context, path):
    visitor.addHeader("Accept", "application/json")
    assert status(visitor, f"{site.absolute_url()}{context}/{path}") in REFUSED


@pytest.mark.parametrize("path", ["@users", "@registry", "@workflow"])
def test_the_api_namespace_is_no_way_round(site, visitor, path):
    assert status(visitor, f"{site.absolute_url()}/++api++/{path}") in REFUSED


def test_staff_keep_the_pages_of_plone(site, visitor):
    visitor.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}")
    for path in ("@@sharing", "folder_contents", "edit"):
        assert status(visitor, f"{site.absolute_url()}/communes/bordeaux/{path}") == 200
