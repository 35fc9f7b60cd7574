"""To version 2: the editor of texts without advertisement, its frame with a name."""

from civisdata.theme.editor import tell_editor
from Products.GenericSetup.tool import SetupTool
import logging


logger = logging.getLogger(__name__)


def tell(tool: SetupTool) -> None:
    """Add our settings of the editor; also what a new site gets (post handler)."""
    tell_editor()
    logger.info("civisdata.theme: settings of the editor of texts")
