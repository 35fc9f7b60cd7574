"""Automatic acceptance: which registrations are accepted without anybody looking.

It is a task, for two reasons: whoever signs up gets the same answer in the same time
whether or not the rule holds, or the address was known; and where the mail server is
down, it is tried again.
"""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.tasks import enqueue


TASK = "accept-by-rule"

COMMUNE, DOUBT, STATE = "commune", "doubt", "state"
#: The history's action for a sign-up whose browser has not done its computation.
UNPROVEN = "unproven"


def is_on() -> bool:
    """Say whether registrations are accepted automatically at all."""
    return bool(setting("automatic_acceptance"))


def consider(space: IPersonalSpace | None) -> None:
    """Have the rule looked at after the commit; None where nobody was registered."""
    if is_on():
        enqueue(TASK, space_id="" if space is None else space.getId())


def objections(space: IPersonalSpace) -> list[str]:
    """Return why a registration is not accepted automatically; empty where it is."""
    found = []
    if registrations.state_of(space) != "pending":
        found.append(STATE)
    communes = setting("automatic_communes") or ()
    if communes and space.commune not in communes:
        found.append(COMMUNE)
    catalog = registrations.catalog_of(space.__parent__)
    if setting("automatic_without_doubt") and catalog.is_doubtful(space.getId()):
        found.append(DOUBT)
    if any(line.action == UNPROVEN for line in registrations.history_of(space)):
        found.append(UNPROVEN)
    return found
