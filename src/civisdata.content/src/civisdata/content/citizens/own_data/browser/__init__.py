"""« Mon compte » and the pages of one's own data, commune, choices and consents."""

from civisdata.content import _
from civisdata.content.citizens.door import allow
from civisdata.content.citizens.door import allow_while_closing
from civisdata.content.citizens.own_settings import LEAVING
from civisdata.content.citizens.own_settings import ME
from civisdata.content.citizens.own_settings import NEWS
from civisdata.content.citizens.own_settings import offer_setting
from civisdata.content.citizens.own_settings import OTHERS
from civisdata.content.citizens.own_settings import SAFETY


allow("mes-donnees", "ma-commune", "mes-choix", "mes-accords", "securite")
allow_while_closing("deverrouiller", "export", "journal")

offer_setting(
    "mes-donnees",
    ME,
    _("My data"),
    _("Name, address, date of birth, and the e-mail address you are written to."),
    order=10,
)
offer_setting(
    "ma-commune",
    ME,
    _("My commune"),
    _("You have moved, or are about to: what happens with your space."),
    order=20,
)
offer_setting(
    "mes-choix",
    NEWS,
    _("My services and news"),
    _("Which services and which news your space shows: whose, on what, for which age."),
    order=10,
    icon="news",
)
offer_setting(
    "courriels",
    NEWS,
    _("News by e-mail"),
    _("At once, once a day, once a week, or not at all."),
    order=20,
    icon="news",
)
offer_setting(
    "apparence",
    NEWS,
    _("Appearance"),
    _("Colour, light or dark display, density, and the order of your home page."),
    order=40,
)
offer_setting(
    "securite",
    SAFETY,
    _("Password and sessions"),
    _("Password, recovery code, and where you are logged in."),
    order=10,
)
offer_setting(
    "connexion-en-deux-etapes",
    SAFETY,
    _("Log-in in two steps"),
    _(
        "A code of your phone, or a passkey, after your password: whoever has found out "
        "your password does not come in."
    ),
    order=20,
)
offer_setting(
    "personnes-de-confiance",
    SAFETY,
    _("Trusted persons"),
    _("Who can help you to get your documents back."),
    order=30,
    icon="shares",
)
offer_setting(
    "nouvelles-cles",
    SAFETY,
    _("Replace my keys"),
    _("If somebody may know your password or your recovery code."),
    order=40,
)
offer_setting(
    "mes-accords",
    OTHERS,
    _("My consents"),
    _("What you have agreed to, when, and to which text; give or withdraw."),
    order=10,
    icon="consents",
)
offer_setting(
    "journal",
    LEAVING,
    _("My journal"),
    _("What happened in your account and your documents, with date and time."),
    order=10,
    icon="journal",
)
