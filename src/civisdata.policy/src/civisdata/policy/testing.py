"""Test layers: a Plone site with Civis Data, its communes among it."""

from plone import api
from plone.app.testing import FunctionalTesting
from plone.app.testing import IntegrationTesting
from plone.app.testing import PLONE_FIXTURE
from plone.app.testing import PloneSandboxLayer
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.testing.zope import WSGI_SERVER_FIXTURE
import os


class CivisdataLayer(PloneSandboxLayer):
    """The policy's profile applied, the territory created, in French."""

    defaultBases = (PLONE_FIXTURE,)

    def setUpZope(self, app, configurationContext) -> None:
        os.environ["zope_i18n_compile_mo_files"] = "true"
        import civisdata.policy
        import civisdata.policy.compat
        import collective.documentviewer
        import plone.restapi

        self.loadZCML(package=plone.restapi)
        self.loadZCML(package=collective.documentviewer)
        self.loadZCML(package=civisdata.policy)

    def setUpPloneSite(self, portal) -> None:
        from civisdata.policy.distribution.handlers import set_up

        portal.portal_workflow.setDefaultChain("simple_publication_workflow")
        self.applyProfile(portal, "plone.app.contenttypes:default")
        self.applyProfile(portal, "civisdata.policy:default")
        setRoles(portal, TEST_USER_ID, ["Manager"])
        portal.setLanguage("fr")
        api.portal.set_registry_record("plone.default_language", "fr")
        set_up(portal)
        setRoles(portal, TEST_USER_ID, ["Member"])


CIVISDATA_FIXTURE = CivisdataLayer()

INTEGRATION_TESTING = IntegrationTesting(
    bases=(CIVISDATA_FIXTURE,), name="Civisdata:Integration"
)
FUNCTIONAL_TESTING = FunctionalTesting(
    bases=(CIVISDATA_FIXTURE, WSGI_SERVER_FIXTURE), name="Civisdata:Functional"
)
