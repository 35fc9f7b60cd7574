"""People for tests: registrations as the form makes them, staff with their roles."""

from civisdata.content.citizens.registration import Registration
from plone import api


def person(**changes) -> Registration:
    """Return the registration of one inhabitant of Bordeaux."""
    values = {
        "first_name": "Zoé",
        "last_name": "O’Brien",
        "usage_name": "",
        "address": "3 rue du Loup",
        "address_more": "",
        "postal_code": "33000",
        "town": "Bordeaux",
        "commune": "bordeaux",
        "birth_date": "1980-12-31",
        "age_bracket": "",
        "email": "zoe@exemple.fr",
        "services": ("documents", "news"),
        "publishers": ("commune", "cub"),
        "topics": ("elections",),
    }
    return Registration(**{**values, **changes})


def staff(login: str, roles: tuple[str, ...] = (), group: str = "") -> str:
    """Create a user of staff; return the password."""
    password = "Une-phrase-assez-longue-2026"
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email=f"{login}@exemple.fr", username=login, password=password)
        if roles:
            api.user.grant_roles(username=login, roles=list(roles))
        if group:
            if api.group.get(group) is None:
                api.group.create(groupname=group)
            api.group.add_user(groupname=group, username=login)
    return password
