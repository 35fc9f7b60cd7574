"""Schema of a contact of the address book (R5)."""

from civisdata.content import _
from civisdata.content.territory import rules
from plone.autoform import directives
from plone.supermodel import model
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from z3c.form.browser.radio import RadioFieldWidget
from zope import schema
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


SERVICE, PERSON = "service", "person"
LOCAL, NATIONAL = "local", "national"

KINDS = {SERVICE: _("Service"), PERSON: _("Person")}
SCOPES = {
    LOCAL: _("Local: for the inhabitants of its commune or of the CUB"),
    NATIONAL: _("National: for everybody"),
}


def _choice(titles: dict) -> SimpleVocabulary:
    return SimpleVocabulary([SimpleTerm(id, id, title) for id, title in titles.items()])


def is_line(value: str) -> bool:
    """Take one line of text; a constraint of a field replaces its own look at that."""
    return "\n" not in value and "\r" not in value and rules.is_text(value)


def is_one_phone(value: str) -> bool:
    return is_line(value) and rules.is_phone(value)


class IContact(model.Schema):
    """A person or a service to turn to, for one or more procedures."""

    kind = schema.Choice(
        title=_("Kind of contact"), vocabulary=_choice(KINDS), default=SERVICE
    )
    title = schema.TextLine(
        title=_("Name"),
        description=_("Of the service, or first name and name of the person."),
        max_length=160,
        constraint=is_line,
    )
    role = schema.TextLine(
        title=_("Function"),
        description=_("What the person or the service does."),
        required=False,
        max_length=160,
        constraint=is_line,
    )
    service = schema.TextLine(
        title=_("Service"),
        description=_("To which the person or the service belongs."),
        required=False,
        max_length=160,
        constraint=is_line,
    )
    procedures = schema.Tuple(
        title=_("Procedures"),
        description=_("For which one turns to this contact."),
        value_type=schema.Choice(vocabulary="civisdata.procedures"),
        required=False,
        default=(),
        missing_value=(),
    )
    phone = schema.TextLine(
        title=_("Telephone"), required=False, constraint=is_one_phone
    )
    email = schema.TextLine(
        title=_("E-mail address"),
        description=_("Public: take the address of the service rather than one's own."),
        required=False,
        constraint=rules.is_email,
    )
    website = schema.TextLine(
        title=_("Web site"),
        description=_("It begins with https://."),
        required=False,
        constraint=rules.is_https,
    )
    address = schema.Text(
        title=_("Address"), required=False, max_length=300, constraint=rules.is_text
    )
    hours = schema.Text(
        title=_("Opening hours"),
        description=_(
            "One line for each day or period, such as: Monday to Friday, 8h30-12h30."
        ),
        required=False,
        max_length=600,
        constraint=rules.is_text,
    )
    note = schema.Text(
        title=_("Remark"),
        description=_("What else one should know before calling or coming."),
        required=False,
        max_length=600,
        constraint=rules.is_text,
    )
    scope = schema.Choice(
        title=_("For whom"), vocabulary=_choice(SCOPES), default=LOCAL, required=False
    )
    example = schema.Bool(
        title=_("Example"),
        description=_(
            "Tick this as long as the data is not certain: the page then says so."
        ),
        default=False,
        required=False,
    )
    directives.widget("kind", RadioFieldWidget)
    directives.widget("scope", RadioFieldWidget)
    directives.widget("procedures", CheckBoxFieldWidget)
    # What everybody in the territory finds is the CUB's to decide.
    directives.write_permission(scope="civisdata.content.ManageCommunes")
