"""The table of roles and URLs of Civis Data; a view that is missing from it fails.

``+`` is reached, ``-`` is not there: 401, 403, 404 or a way to the log-in.
"""

from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import WEBMASTERS
from civisdata.content.vault.deposits.arrivals import get_arrivals
from helpers.deposits import allow
from helpers.deposits import put
from helpers.deposits import Recipient
from helpers.pdf import make_pdf
from helpers.people import person
from helpers.people import staff
from helpers.vault import share_folder
from helpers.vault import start_adding
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.rest.interfaces import IService
from zope.component import getGlobalSiteManager
from zope.interface import Interface
from zope.publisher.interfaces.browser import IBrowserRequest
import pytest
import requests
import transaction


ROLES = (
    "visitor",
    "owner",  # the citizen of the space in the URL
    "citizen",  # another citizen
    "agent",  # of the commune of the registration in the URL
    "elsewhere",  # an agent of another commune
    "administrator",  # of the CUB
    "webmaster",  # of the CUB
    "manager",  # Zope's
)

EVERYBODY = "++++++++"
NOBODY = "--------"
OWNER = "-+------"

#: View, URL, who reaches it: one sign a role, in the order of ROLES.
TABLE = (
    # the public site
    ("accueil", "/", EVERYBODY),
    ("actualites", "/@@actualites", EVERYBODY),
    ("actualites", "/@@actualites?sujet=elections", EVERYBODY),
    ("actualites.atom", "/@@actualites.atom", EVERYBODY),
    ("actualites.atom", "/cub/@@actualites.atom", EVERYBODY),
    ("actualites.json", "/@@actualites.json?sujet=elections", EVERYBODY),
    ("actualites.json", "/communes/bordeaux/@@actualites.json", EVERYBODY),
    ("robots.txt", "/robots.txt", EVERYBODY),
    ("sitemap.xml", "/sitemap.xml", EVERYBODY),
    ("sitemap.xml", "/sitemap.xml?partie=1", EVERYBODY),
    ("sitemap.xml.gz", "/sitemap.xml.gz", EVERYBODY),  # the way to it
    ("charte.css", "/@@charte.css", EVERYBODY),
    ("carnet", "/@@carnet", EVERYBODY),
    ("carnet", "/@@carnet?q=service&demarche=passeport&commune=talence", EVERYBODY),
    ("contact-page", "/cub/contacts/france-titres", EVERYBODY),
    ("section-contacts", "/cub/contacts", EVERYBODY),
    ("vcard", "/cub/contacts/france-titres/@@vcard", EVERYBODY),
    ("cle-de-transfert", "/@@cle-de-transfert", EVERYBODY),
    ("demarches", "/demarches", EVERYBODY),
    ("demarches", "/demarches/passeport", EVERYBODY),
    ("documentviewer", "/cub/documents/{file}/@@documentviewer", EVERYBODY),
    ("search", "/@@search?SearchableText=bordeaux", EVERYBODY),
    ("search", "/@@search?SearchableText=fete&type=document&commune=x", EVERYBODY),
    ("suggestions", "/@@suggestions?q=fe", EVERYBODY),
    ("section", "/cub/documents", EVERYBODY),
    ("section-news", "/cub/actualites", EVERYBODY),
    ("view", "/communes/bordeaux", EVERYBODY),
    ("view", "/communes", EVERYBODY),
    ("couleurs.css", "/communes/bordeaux/@@couleurs.css", EVERYBODY),
    ("blason", "/communes/bordeaux/@@blason", EVERYBODY),
    ("cles-publiques", "/@@cles-publiques", EVERYBODY),
    # news by e-mail; without POST both change nothing
    ("courriel-revenu", "/@@courriel-revenu", EVERYBODY),
    ("desabonnement", "/@@desabonnement?jeton=aucun", EVERYBODY),
    ("cles-publiques.json", "/@@cles-publiques.json", EVERYBODY),
    # accounts
    ("inscription", "/@@inscription", EVERYBODY),
    ("inscription-recue", "/@@inscription-recue", EVERYBODY),
    # without POST both change nothing
    ("confirmer-inscription", "/@@confirmer-inscription?jeton=aucun", EVERYBODY),
    ("ne-plus-m-inviter", "/@@ne-plus-m-inviter?jeton=aucun", EVERYBODY),
    ("login", "/@@login", EVERYBODY),
    ("logout", "/@@logout", EVERYBODY),
    ("mon-espace", "/@@mon-espace", EVERYBODY),
    ("mot-de-passe-oublie", "/@@mot-de-passe-oublie", EVERYBODY),
    ("session-etat", "/@@session-etat", EVERYBODY),
    # links of letters: they ask, and do nothing without a token of a letter
    ("ancienne-adresse", "/@@ancienne-adresse?jeton=aucun", EVERYBODY),
    ("nouvelle-adresse", "/@@nouvelle-adresse?jeton=aucun", EVERYBODY),
    # a personal space and its vault
    ("view", "/espaces/{space}", OWNER),
    # steps of other states of a session: test_login.py has them
    ("activation", "/espaces/{space}/@@activation", NOBODY),
    # to the space for who isn't locked out; its own test is test_trusted_pages.py
    ("demander-de-l-aide", "/espaces/{space}/@@demander-de-l-aide", OWNER),
    ("apparence", "/espaces/{space}/@@apparence", OWNER),
    ("consentements", "/espaces/{space}/@@consentements", OWNER),
    ("classer", "/espaces/{space}/@@classer", OWNER),  # a way to the list
    # without POST: the way to the space
    ("bon-geste", "/espaces/{space}/@@bon-geste", OWNER),
    ("courriels", "/espaces/{space}/@@courriels", OWNER),
    ("inviter", "/espaces/{space}/@@inviter", OWNER),
    ("corbeille", "/espaces/{space}/@@corbeille", OWNER),
    ("depot", "/espaces/{space}/@@depot?id={upload}", OWNER),
    ("connexion-en-deux-etapes", "/espaces/{space}/@@connexion-en-deux-etapes", OWNER),
    # of a session that waits for it: test_second_step.py
    ("deuxieme-etape", "/espaces/{space}/@@deuxieme-etape", NOBODY),
    ("deverrouiller", "/espaces/{space}/@@deverrouiller", OWNER),
    ("documents", "/espaces/{space}/@@documents", OWNER),
    ("journal", "/espaces/{space}/@@journal", OWNER),
    ("journal", "/espaces/{space}/@@journal/export", OWNER),  # a way to the page
    ("export", "/espaces/{space}/@@export", OWNER),
    ("export-selection", "/espaces/{space}/@@export-selection", OWNER),
    ("import", "/espaces/{space}/@@import", OWNER),
    ("import-depot", "/espaces/{space}/@@import-depot?id={archive}", OWNER),
    # without POST: the way to the document
    ("chercher", "/espaces/{space}/@@documents/{document}/chercher", OWNER),
    # without POST: the way to the search
    ("indexer", "/espaces/{space}/@@indexer", OWNER),
    ("lire", "/espaces/{space}/@@documents/{document}/lire", OWNER),
    # a way to the item, or back to the space
    ("lire-actualite", "/espaces/{space}/@@lire-actualite?uid=x", OWNER),
    # without POST: the way to the space
    ("tout-lu", "/espaces/{space}/@@tout-lu", OWNER),
    ("mes-demarches", "/espaces/{space}/@@mes-demarches", OWNER),
    ("mes-demarches", "/espaces/{space}/@@mes-demarches/passeport", OWNER),
    ("modifier", "/espaces/{space}/@@documents/{document}/modifier", OWNER),
    ("mon-compte", "/espaces/{space}/@@mon-compte", OWNER),
    ("fermeture", "/espaces/{space}/@@fermeture", OWNER),
    ("ma-commune", "/espaces/{space}/@@ma-commune", OWNER),
    ("mes-accords", "/espaces/{space}/@@mes-accords", OWNER),
    ("mes-choix", "/espaces/{space}/@@mes-choix", OWNER),
    ("mes-donnees", "/espaces/{space}/@@mes-donnees", OWNER),
    ("securite", "/espaces/{space}/@@securite", OWNER),
    ("mots", "/espaces/{space}/@@documents/{document}/mots?n=1", OWNER),
    ("nouveau-mot-de-passe", "/espaces/{space}/@@nouveau-mot-de-passe", NOBODY),
    ("nouvelles-cles", "/espaces/{space}/@@nouvelles-cles", OWNER),
    ("page", "/espaces/{space}/@@documents/{document}/page?n=1", OWNER),
    ("personnes-de-confiance", "/espaces/{space}/@@personnes-de-confiance", OWNER),
    ("recu", "/espaces/{space}/@@documents/{deposited}/recu", OWNER),
    ("recherche", "/espaces/{space}/@@recherche", OWNER),
    ("photos", "/espaces/{space}/@@photos", OWNER),
    ("rappels", "/espaces/{space}/@@rappels", OWNER),
    ("supprimer", "/espaces/{space}/@@documents/{document}/supprimer", OWNER),
    ("telecharger", "/espaces/{space}/@@documents/{document}/telecharger", OWNER),
    ("vignette", "/espaces/{space}/@@documents/{document}/vignette", OWNER),
    ("vignettes", "/espaces/{space}/@@documents/{document}/vignettes?n=1", OWNER),
    # sharing
    ("partager", "/espaces/{space}/@@partager?document={document}", OWNER),
    ("partages", "/espaces/{space}/@@partages", OWNER),
    ("partages-recus", "/espaces/{space}/@@partages-recus", OWNER),
    ("partage-recu", "/espaces/{space}/@@partages-recus/{received}", OWNER),
    ("qui-voit-quoi", "/espaces/{space}/@@qui-voit-quoi", OWNER),
    (
        "partage-depot",
        "/espaces/{space}/@@partages-recus/{received}/depot?id={adding}",
        OWNER,
    ),
    ("partage-chercher", "{shared}/chercher", OWNER),
    ("partage-lire", "{shared}/lire", OWNER),
    ("partage-mots", "{shared}/mots?n=1", OWNER),
    ("partage-page", "{shared}/page?n=1", OWNER),
    ("partage-telecharger", "{shared}/telecharger", OWNER),
    ("partage-vignettes", "{shared}/vignettes?n=1", OWNER),
    # requests for documents
    ("demandes", "/espaces/{space}/@@demandes", OWNER),
    ("demandes-de-documents", "/communes/bordeaux/@@demandes-de-documents", "---+----"),
    # registrations: nothing of the vault is in them
    ("view", "/espaces", EVERYBODY),  # the way to one's own
    ("registrations", "/espaces/@@registrations", "---+++-+"),
    ("registration", "/espaces/@@registration/{space}", "---+-+-+"),
    ("guichet", "/espaces/@@guichet/{space}", "---+-+--"),
    ("lots-inscriptions", "/espaces/@@lots-inscriptions", "-----+-+"),
    # an id that isn't there; test_desk_pages.py has one that is
    ("lot-inscriptions", "/espaces/@@lot-inscriptions/inconnu", NOBODY),
    ("courriers-inscriptions", "/espaces/@@courriers-inscriptions", "-----+--"),
    ("export-inscriptions", "/espaces/@@export-inscriptions", "-----+--"),
    ("inscriptions-controlpanel", "/@@inscriptions-controlpanel", "-----+++"),
    # deposits: staff of the publisher alone
    ("deposer", "/communes/bordeaux/@@deposer", "---+----"),
    ("deposer-lot", "/communes/bordeaux/@@deposer-lot", "---+----"),
    ("depots-remis", "/communes/bordeaux/@@depots-remis", "---+----"),
    ("deposer", "/cub/@@deposer", "------+-"),
    ("deposer-lot", "/cub/@@deposer-lot", "------+-"),
    ("depots-remis", "/cub/@@depots-remis", "------+-"),
    # writing and publishing news; of the commune, and taking them over elsewhere
    ("a-publier", "/@@a-publier", "---+++++"),
    ("apercu", "/communes/bordeaux/actualites/{news}/@@apercu", "---+---+"),
    ("edit", "/communes/bordeaux/actualites/{news}/edit", "---+---+"),
    # without POST: the way to the item
    ("publication", "/communes/bordeaux/actualites/{news}/@@publication", "---+---+"),
    ("reprendre", "/communes/bordeaux/actualites/{news}/@@reprendre", "----+-++"),
    ("sujets-controlpanel", "/@@sujets-controlpanel", "------++"),
    ("ages-controlpanel", "/@@ages-controlpanel", "------++"),
    # a commune: its agents, the CUB's webmasters
    ("mairie", "/communes/bordeaux/@@mairie", "---+--++"),
    ("edit", "/communes/bordeaux/edit", "------++"),
    ("reunir", "/communes/bordeaux/@@reunir", "------++"),
    # administration
    ("bons-gestes-controlpanel", "/@@bons-gestes-controlpanel", "------++"),
    ("envois-actualites", "/@@envois-actualites", "-----+++"),
    ("charte-controlpanel", "/@@charte-controlpanel", "-----+++"),
    ("charte-apercu.css", "/@@charte-apercu.css?primary=%23003366", "-----+++"),
    ("charte-apercu.json", "/@@charte-apercu.json?primary=%23003366", "-----+++"),
    ("guide-de-style", "/@@guide-de-style", "-----+++"),
    ("controle-documents", "/@@controle-documents", "-----+++"),
    ("partenaires", "/@@partenaires", "-----+++"),
    ("autorites-controlpanel", "/@@autorites-controlpanel", "-----+++"),
    ("carnet-export", "/@@carnet-export", "------++"),
    ("carnet-export", "/cub/@@carnet-export", "------++"),
    ("carnet-export", "/communes/bordeaux/@@carnet-export", "---+--++"),
    ("carnet-import", "/@@carnet-import", "------++"),
    ("carnet-import", "/cub/@@carnet-import", "------++"),
    ("carnet-import", "/communes/bordeaux/@@carnet-import", "---+--++"),
    ("demarches-controlpanel", "/@@demarches-controlpanel", "-----+++"),
    ("demarches-controlpanel", "/@@demarches-controlpanel/passeport", "-----+++"),
    ("coffre-controlpanel", "/@@coffre-controlpanel", "-----+++"),
    ("ldap-annuaire", "/@@ldap-annuaire", "-----+-+"),
    ("taches", "/@@taches", "-----+++"),
)

#: Parts of pages, ways to other pages of ours, and what only takes POST: tried below.
PARTS = (
    "account-links",
    "bon-geste-bloc",
    "charte-logo",
    "civis_above",
    "civis_art",
    "civis_frame",
    "civis_look",
    "civis_notices",
    "civis_page",
    "civis_session",
    "commune-parts",
    "communes-couleurs",
    "commune-retiree",
    "communes-list",
    "courriels-arretes",
    "contacts-list",
    "failsafe_login",
    "failsafe_login_form",
    "forced-password-change",
    "index.html",
    "initial-login-password-change",
    "login-help",
    "login_form",
    "mail_password",
    "mail_password_form",
    "main_template",
    "mes-actualites-bloc",
    "news-desk",
    "news-feeds",
    "news-item",
    "news-list",
    "news-metadata",
    "passwordreset",
    "recherche-formulaire",
    "rappels-bloc",
    "register",
    "session-prolonger",
)

#: Services for partners: a key opens them, no role does (test_partners_api.py).
PARTNER_SERVICES = (
    "GET_application_json_@may-i-send",
    "PUT_application_json_@deposits",
)

#: Names below a space that are there for nobody, its citizen included.
NEVER = (
    "@@absolute_url",
    "@@contenthistory",
    "@@delete_confirmation",
    "@@edit",
    "@@folder_contents",
    "@@iterate_control",
    "@@manage-portlets",
    "@@object_rename",
    "@@plone_context_state",
    "@@sharing",
    "@@zope_view",
    "@@search",
    "@sharing",
    "RSS",
    "absolute_url",
    "account",
    "acl_users",
    "atom.xml",
    "contentIds",
    "edit",
    "first_name",
    "getOwner",
    "listFolderContents",
    "manage_main",
    "objectIds",
    "portal_catalog",
    "vault",
    "++acquire++documents",
    "++attribute++login",
    "++widget++x",
    "_registration",
    "_vault",
)


def deposited_document(portal, space, owner) -> str:
    """Deposit a document into a space, and give its id once it is filed."""
    transaction.begin()
    account = need_account(space)
    account.public, account.activated = owner.bundle.public, 1.0
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    allow(portal, space, "bordeaux")
    put(portal, Recipient(space, owner.bundle))
    transaction.commit()
    (id,) = get_arrivals(space).waiting
    owner.http.get(owner.documents)
    return id


@pytest.fixture
def world(functional, server, make_citizen):
    """Everybody of ROLES as HTTP sessions, and the values for the URLs."""
    portal = functional["portal"]
    space = register(get_spaces(portal), person(), with_mail=False)
    transaction.commit()
    owner = make_citizen(space=space)
    document = owner.store("Avis.pdf", make_pdf("Bonjour")).rpartition("/")[2]
    upload = owner.start("Autre.bin", 10).json()["id"]
    deposited = deposited_document(portal, space, owner)
    archive = owner.http.post(
        f"{owner.url}/@@import-depot",
        json={"name": "archive.zip", "size": 10},
        headers={"X-CSRF-TOKEN": owner.token()},
    ).json()["id"]
    people = {"visitor": requests.Session(), "owner": owner.http}
    citizen = make_citizen()
    people["citizen"] = citizen.http
    received, shared = share_folder(portal, citizen, owner)
    adding = start_adding(owner, received)
    for name, group in (
        ("agent", agents_group("33063")),
        ("elsewhere", agents_group("33281")),
    ):
        people[name] = requests.Session()
        people[name].auth = (name, staff(name, roles=("Staff",), group=group))
    for name, role, group in (
        ("administrator", "CUB Administrator", ADMINISTRATORS),
        ("webmaster", "CUB Webmaster", WEBMASTERS),
    ):
        people[name] = requests.Session()
        people[name].auth = (name, staff(name, roles=("Staff", role), group=group))
    people["manager"] = requests.Session()
    people["manager"].auth = (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    from plone.namedfile.file import NamedBlobFile
    from plone.namedfile.file import NamedBlobImage

    portal["communes"]["bordeaux"].logo = NamedBlobImage(
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        contentType="image/svg+xml",
        filename="blason.svg",
    )
    with api.env.adopt_roles(["Manager"]):
        api.content.create(
            portal["cub"]["documents"],
            "File",
            "plan",
            title="Plan",
            file=NamedBlobFile(b"plan", filename="plan.txt"),
        )
        news = api.content.create(
            portal["communes"]["bordeaux"]["actualites"],
            "News Item",
            "fete",
            title="Fête",
        )
        api.content.transition(news, "publish")
    transaction.commit()
    values = {
        "news": "fete",
        "space": space.getId(),
        "document": document,
        "deposited": deposited,
        "upload": upload,
        "archive": archive,
        "received": received,
        "adding": adding,
        "shared": f"/espaces/{space.getId()}/@@partages-recus/{received}/{shared}",
        "file": "plan",
    }
    return server, people, values


def reached(http: requests.Session, url: str) -> bool:
    """Say whether a GET brings what was asked for."""
    answer = http.get(url, allow_redirects=False)
    assert answer.status_code < 500, (url, answer.status_code)
    if answer.status_code in (301, 302, 303):
        return "login" not in answer.headers["Location"]
    return answer.status_code == 200


def test_who_reaches_which_url(world):
    server, people, values = world
    wrong = []
    for name, url, expected in TABLE:
        address = server + url.format(**values)
        found = "".join(
            "+" if reached(people[role], address) else "-" for role in ROLES
        )
        if found != expected:
            wrong.append(f"{name} {url}: {found}, not {expected}")
    assert not wrong, "\n".join(map(str, wrong))


#: Views whose answer depends on nobody, where the request doesn't either; the rest of
#: what everybody reaches (log-in, sign-up, the way to one's space) belongs to one person.
PUBLIC = {
    "accueil",
    "actualites",
    "demarches",
    "documentviewer",
    "search",
    "section",
    "section-news",
    "suggestions",
}
PUBLIC_URLS = ("/communes/bordeaux", "/communes")
#: Style sheets, pictures and feeds say themselves how long they last.
OWN_POLICY = {
    "actualites.atom",
    "actualites.json",
    "blason",
    "charte.css",
    "couleurs.css",
    "robots.txt",
    "sitemap.xml",
    "sitemap.xml.gz",
}

FOR_ALL = "max-age=0, s-maxage=60, must-revalidate, public"


def is_public(name: str, url: str) -> bool:
    return name in PUBLIC or url in PUBLIC_URLS


def _kept_away(answer: requests.Response) -> bool:
    """Say whether nobody may keep an answer."""
    policy = answer.headers.get("Cache-Control", "")
    # Plone's own way to the log-in says so in this manner.
    to_log_in = answer.status_code == 302 and policy == "no-cache"
    return to_log_in or "no-store" in policy


def test_only_what_is_the_same_for_everybody_may_be_kept(world):
    server, people, values = world
    wrong = []
    for name, url, _roles in TABLE:
        if name in OWN_POLICY:
            continue
        address = server + url.format(**values)
        for role in ROLES:
            # A cookie that means nothing is a cookie all the same.
            cookies = [None, {"autre": "1"}] if role == "visitor" else [None]
            for cookie in cookies:
                answer = people[role].get(
                    address, allow_redirects=False, cookies=cookie
                )
                found = answer.headers.get("Cache-Control", "")
                for_all = (
                    role == "visitor"
                    and cookie is None
                    and is_public(name, url)
                    and answer.status_code == 200
                )
                fits = found == FOR_ALL if for_all else _kept_away(answer)
                if not fits or bool(answer.headers.get("ETag")) != for_all:
                    wrong.append((name, url, role, bool(cookie), found))
    assert not wrong, "\n".join(map(str, wrong))


def test_an_unknown_space_answers_as_a_foreign_one(world):
    server, people, values = world
    for role in ROLES[2:]:
        foreign, unknown = (
            people[role].get(f"{server}/espaces/{space}", allow_redirects=False)
            for space in (values["space"], "a" * len(values["space"]))
        )
        assert foreign.status_code == unknown.status_code == 404, role
        assert foreign.text.replace(values["space"], "") == unknown.text.replace(
            "a" * len(values["space"]), ""
        ), role


def test_nothing_else_is_below_a_space(world):
    server, people, values = world
    wrong = []
    for name in NEVER:
        for role in ROLES:
            for accept in ("text/html", "application/json"):
                answer = people[role].get(
                    f"{server}/espaces/{values['space']}/{name}",
                    headers={"Accept": accept},
                    allow_redirects=False,
                )
                to_log_in = "login" in answer.headers.get("Location", "")
                if role == "owner" and answer.status_code == 302 and to_log_in:
                    # Plone's answer to who is known, but may not.
                    continue
                if answer.status_code != 404:
                    wrong.append((name, role, accept, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "method", ["PROPFIND", "PUT", "DELETE", "PATCH", "COPY", "LOCK"]
)
def test_no_other_method_reaches_a_space(world, method):
    server, people, values = world
    for role in ROLES:
        answer = people[role].request(
            method, f"{server}/espaces/{values['space']}", allow_redirects=False
        )
        assert answer.status_code in (401, 403, 404, 405, 501), (role, answer)


@pytest.mark.parametrize(
    "path", ["", "/@search", "/@types", "/@workflow", "/@sharing", "/@history"]
)
def test_rest_does_not_reach_a_space(world, path):
    server, people, values = world
    for role in ROLES:
        for start in ("", "/++api++"):
            answer = people[role].get(
                f"{server}{start}/espaces/{values['space']}{path}",
                headers={"Accept": "application/json"},
            )
            assert answer.status_code in (401, 404), (role, answer.url)
            assert values["space"] not in answer.text.replace(answer.url, "")


def our_views() -> set[str]:
    """Names of all views and services that Civis Data registers for browsers."""
    found = set()
    for registration in getGlobalSiteManager().registeredAdapters():
        if len(registration.required) != 2 or not registration.name:
            continue
        layer = registration.required[1]
        if layer is None or not (
            layer.isOrExtends(IBrowserRequest)
            or layer.__module__.startswith("civisdata")
        ):
            continue
        if registration.provided is not Interface and not IService.implementedBy(
            registration.factory
        ):
            continue
        classes = getattr(registration.factory, "__mro__", ())
        source = str(getattr(registration.info, "file", ""))
        if "civisdata." in source or any(
            cls.__module__.startswith("civisdata.") for cls in classes
        ):
            found.add(registration.name)
    return found


def test_no_view_of_ours_is_missing_from_the_table(functional):
    known = {row[0] for row in TABLE} | set(PARTS) | set(PARTNER_SERVICES)
    found = our_views()
    assert len(found) > 40
    assert sorted(found - known) == []
    assert sorted(known - found) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("name", PARTNER_SERVICES)
def test_no_role_opens_a_service_for_partners(world, name, method):
    server, people, _ = world
    for role in ROLES:
        answer = people[role].request(
            method,
            f"{server}/{name.rpartition('_')[2]}/1?to=x",
            headers={"Accept": "application/json"},
            allow_redirects=False,
        )
        assert answer.status_code in (401, 404), (role, answer.status_code)


@pytest.mark.parametrize("name", PARTS)
def test_parts_show_visitors_nothing_by_themselves(world, name):
    server, people, _ = world
    answer = people["visitor"].get(f"{server}/@@{name}", allow_redirects=False)
    assert answer.status_code < 500
    assert "espaces/" not in answer.text
