"""What « Qui voit quoi » says of consents to deposits."""

from civisdata.content import _
from civisdata.content.citizens import consents
from civisdata.content.citizens.access import Access
from civisdata.content.citizens.access import register_access
from civisdata.content.citizens.keys import KeyBundle


class DepositConsents:
    """Publishers that may put documents into the space."""

    title = _("Services that may deposit documents")
    none = _("No service may deposit documents in your space.")

    def entries(self, space, request, bundle: KeyBundle) -> list[Access]:
        return [
            Access(
                id=answer.publisher,
                who=answer.title,
                what=_("Documents that the service sends you"),
                right=_("Deposit, without reading anything afterwards"),
                since=answer.date,
                until=0,
                stop=_("Withdraw my consent"),
            )
            for answer in consents.active(space)
        ]

    def stop(self, space, request, bundle: KeyBundle, access_id: str) -> None:
        """Withdraw a consent; KeyError where there is none."""
        if not consents.may_deposit(space, access_id):
            raise KeyError(access_id)
        consents.withdraw(space, access_id)


register_access("consents", DepositConsents(), order=30)
