"""The registrations desk in Chromium: by the keyboard alone, and WCAG by machine."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.office.store import office_of
from civisdata.content.citizens.structure import get_spaces
from helpers.desk import waiting
from helpers.people import staff
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
import transaction


#: Of the four views; all of them of list and registration are in test_pages.py.
VIEWS = (("dark", 320),)


def test_a_batch_by_the_keyboard_alone(functional, portal_url, new_page, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    password = staff("agathe", roles=("Staff", "CUB Administrator"))
    ids = waiting(portal, {}, {"address": "9 rue Neuve"}, {"last_name": "Duprat"})
    page = new_page()
    log_in(page, portal_url, "agathe", password)
    desk = f"{portal_url}/espaces/@@registrations?order=name"
    page.goto(desk)
    status, boxes = page.locator("[data-ticked]"), page.locator("input[name=ids]")
    # Enter in a box must decide nothing; single keys are off until one wants them.
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(status).to_contain_text("1")
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    expect(status).to_contain_text("1")
    transaction.begin()
    assert not office_of(get_spaces(portal)).batches
    page.locator("#desk-keys").focus()
    page.keyboard.press("Space")
    page.reload()
    expect(page.locator("#desk-keys")).to_be_checked()
    for key in ("j", "j", "x", "j", "x", "k", "k", "x"):
        page.keyboard.press(key)
    expect(status).to_contain_text("3")
    page.keyboard.press("x")
    expect(status).to_contain_text("2")
    page.get_by_role("button", name="Cocher toutes les lignes").focus()
    page.keyboard.press("Enter")
    expect(status).to_contain_text("3")
    # Letters that are typed stay letters.
    reason = page.locator("textarea[name=reason]")
    reason.focus()
    page.keyboard.type("xjk")
    expect(reason).to_have_value("xjk")
    expect(status).to_contain_text("3")
    accept = page.get_by_role("button", name="Accepter, premier mot de passe par cou")
    accept.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#decided")).to_contain_text("3 sur 3")
    found = check(page, VIEWS)
    page.goto(f"{portal_url}/espaces/@@registration/{ids[0]}")
    expect(page.get_by_text("même nom et même date de naissance")).to_be_visible()
    found |= check(page, VIEWS)
    assert found == {}
    transaction.begin()
    spaces = get_spaces(portal)
    states = {registrations.state_of(spaces.get_space(id)) for id in ids}
    assert states == {"accepted"}
