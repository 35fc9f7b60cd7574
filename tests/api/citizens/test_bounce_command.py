"""The command that a mail server's pipe transport runs, against a real server."""

from civisdata.content.citizens.news_mail import tokens
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.bounce_command import main
from civisdata.content.citizens.news_mail.bounce_command import TRY_AGAIN
from civisdata.content.citizens.news_mail.bounce_command import USAGE
from civisdata.policy.operations.ports import free_port
from helpers.readers import reader
from helpers.reports import report
from helpers.vault import server  # noqa: F401
from io import BytesIO
import transaction


def test_the_command_hands_a_report_over(functional, server):  # noqa: F811
    space = reader(functional["portal"], "Ada")
    transaction.commit()
    address = tokens.return_address(space.getId(), 3, "exemple.fr")
    assert main([server, address], BytesIO(report())) == 0
    transaction.begin()
    ((issue, _at),) = get_book(functional["portal"]).bounces[space.getId()]
    assert issue == 3


def test_a_portal_that_is_down_is_tried_again():
    url = f"http://127.0.0.1:{free_port()}"
    assert main([url, "retours+x@exemple.fr"], BytesIO(report())) == TRY_AGAIN
    assert main(["retours+x@exemple.fr"], BytesIO()) == USAGE
    assert main(["file:///etc/passwd", "x@exemple.fr"], BytesIO()) == USAGE
