"""To version 3: the search knows French."""

from civisdata.content.search.lexicon import make_french
from plone import api
from Products.GenericSetup.tool import SetupTool


def index_french(tool: SetupTool) -> None:
    """Make the lexicon French and index the texts anew, unless that was done."""
    make_french(api.portal.get_tool("portal_catalog"))
