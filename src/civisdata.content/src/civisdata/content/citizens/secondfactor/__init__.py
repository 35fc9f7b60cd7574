"""The second step of a log-in: codes of an app, passkeys, single-use codes.

It guards the way into a space. It opens no vault: the password does that.
"""

from civisdata.content.citizens import door
from civisdata.content.citizens.sessions import SECOND


door.allow("connexion-en-deux-etapes")
door.allow("deuxieme-etape", states=(SECOND,))
