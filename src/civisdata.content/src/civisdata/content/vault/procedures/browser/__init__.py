"""Page of the space: procedures, and the papers for them."""

from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.services import offer
from civisdata.content.citizens.services import Service


door.allow("mes-demarches")

offer(
    Service(
        "mes-demarches",
        _("My procedures"),
        _("Which papers a procedure needs, and which of them you already have here."),
        "procedures",
    ),
    order=40,
)
