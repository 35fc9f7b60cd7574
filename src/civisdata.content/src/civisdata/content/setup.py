"""What the profile can't say in XML."""

from civisdata.content.news.feed_index import add_index
from civisdata.content.search import lexicon
from Products.GenericSetup.tool import SetupTool


def finish_profile(tool: SetupTool) -> None:
    """After the profile is applied: the search knows French, feeds have their index."""
    lexicon.install(tool)
    add_index(tool)
