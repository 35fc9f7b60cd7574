"""Kinds of paper: how long they are usually valid, and what to do at the end.

French rules as of 2026, those that hold for everybody; where validity differs from one
paper to the next (residence permits, contracts), none is proposed. The paper's own last
day counts: what is proposed here is written into a form, for the citizen to check.
"""

from civisdata.content import _
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from zope.i18nmessageid import Message


@dataclass(frozen=True)
class Paper:
    """``years`` of usual validity, or the one ``last_day`` that all such papers have.

    Neither where there is no rule, or where the paper doesn't end.
    """

    title: Message
    advice: Message | str = ""
    years: int | None = None
    last_day: date | None = None
    link: str = ""


_ANTS = "https://ants.gouv.fr/"
_SERVICE_PUBLIC = "https://www.service-public.fr/"
_TITLES = _(
    "Fill in the form beforehand on the site of France Titres, then make an appointment "
    "with any town hall that takes such requests. Count on several weeks."
)
_INSURER = _("Ask your insurer for the certificate of the new period.")

#: Id → paper, in the order in which they are offered.
PAPERS = {
    "passport": Paper(_("Passport of an adult"), _TITLES, 10, link=_ANTS),
    "passport_minor": Paper(_("Passport of a minor"), _TITLES, 5, link=_ANTS),
    "identity_card": Paper(
        _("Identity card, format of a bank card (since 2021)"), _TITLES, 10, link=_ANTS
    ),
    "identity_card_blue": Paper(
        _("Identity card, large blue format, issued to an adult from 2004 on"),
        _TITLES,
        15,
        link=_ANTS,
    ),
    "identity_card_blue_minor": Paper(
        _("Identity card, large blue format, issued to a minor"),
        _TITLES,
        10,
        link=_ANTS,
    ),
    "driving_licence": Paper(
        _("Driving licence, format of a bank card"),
        _(
            "Ask for the new licence online, on the site of France Titres: a photograph "
            "and a proof of address are enough for a car or a motorcycle."
        ),
        15,
        link=_ANTS,
    ),
    "driving_licence_pink": Paper(
        _("Driving licence, pink, of three parts"),
        _(
            "Ask for the licence in the new format online, on the site of France Titres."
        ),
        last_day=date(2033, 1, 19),
        link=_ANTS,
    ),
    "resident_card": Paper(
        _("Resident card of a foreigner (10 years)"),
        _(
            "Ask for the renewal online, between four and two months before the end, on "
            "the site of the administration for foreigners in France."
        ),
        10,
        link="https://administration-etrangers-en-france.interieur.gouv.fr/",
    ),
    "residence_permit": Paper(
        _("Other residence permit"),
        _(
            "Ask for the renewal online, between four and two months before the end, on "
            "the site of the administration for foreigners in France."
        ),
        link="https://administration-etrangers-en-france.interieur.gouv.fr/",
    ),
    "european_health_card": Paper(
        _("European health insurance card"),
        _("Order the new card in your account on ameli.fr, or with your own scheme."),
        2,
        link="https://www.ameli.fr/",
    ),
    "vehicle_test": Paper(
        _("Roadworthiness test of a car"),
        _("Make an appointment with an approved test centre."),
        2,
    ),
    "car_insurance": Paper(_("Insurance certificate of a vehicle"), _INSURER, 1),
    "home_insurance": Paper(_("Insurance certificate of a home"), _INSURER, 1),
    "boiler": Paper(
        _("Certificate of the yearly service of a boiler"),
        _("Have the boiler serviced by a professional, who gives you the certificate."),
        1,
    ),
    "energy_diagnosis": Paper(
        _("Energy performance diagnosis of a home"),
        _("Have a certified expert make it anew before you sell or let the home."),
        10,
    ),
    "contract": Paper(
        _("Contract, lease or subscription"),
        _("Read in it by when you have to write in order to renew or to end it."),
    ),
    # Papers that don't end; procedures ask for them.
    "health_card": Paper(_("Health insurance card (carte Vitale)")),
    "identity_photo": Paper(_("Identity photograph")),
    "proof_of_address": Paper(_("Proof of address")),
    "family_record_book": Paper(_("Family record book")),
    "birth_certificate": Paper(_("Birth certificate")),
    "vaccinations": Paper(_("Vaccination record")),
    "tax_notice": Paper(_("Tax notice")),
    "payslip": Paper(_("Pay slip")),
    "other": Paper(
        _("Other paper that ends one day"),
        _("The procedures are described on service-public.fr."),
        link=_SERVICE_PUBLIC,
    ),
}


def last_day(paper: str, issued: date) -> date | None:
    """Propose the last day of a paper issued on a day, None where there is no rule.

    French papers of n years end on the day before the n-th anniversary.
    """
    known = PAPERS.get(paper)
    if known is None:
        return None
    if known.last_day or not known.years:
        return known.last_day
    year = issued.year + known.years
    try:
        anniversary = issued.replace(year=year)
    except ValueError:
        # The 29th of February.
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)
