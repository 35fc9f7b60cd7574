"""Pages of sharing: views of a personal space."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


# The pages of a share are found by @@partages-recus, below its id.
door.allow("partager", "partages", "partages-recus")

offer(
    Service(
        "partages-recus",
        _("Shared with me"),
        _("Documents and folders that other inhabitants share with you."),
        "shared",
    ),
    order=20,
)
offer(
    Service(
        "partages",
        _("My shares"),
        _("What you share with others, until when, and how to stop it."),
        "shares",
    ),
    order=21,
)
