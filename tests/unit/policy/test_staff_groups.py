"""The table of groups: what a line may be, and what a group of the directory gives."""

from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import communes_of
from civisdata.policy.roles.groups import DEFAULT_TABLE
from civisdata.policy.roles.groups import format_table
from civisdata.policy.roles.groups import global_roles
from civisdata.policy.roles.groups import parse_table
from civisdata.policy.roles.groups import staff_groups
from civisdata.policy.roles.groups import TableError
import pytest


@pytest.mark.parametrize(
    ("group", "ours"),
    [
        ("cub-administrators", ("cub:administrators",)),
        ("CUB-Webmasters", ("cub:webmasters",)),
        ("agents-33063", ("agents:33063",)),
        ("agents-2A004", ("agents:2A004",)),
        ("agents-33063x", ()),
        ("xagents-33063", ()),
        ("agents-", ()),
        ("agents-{insee}", ()),
        ("agents-330633", ()),
        ("agents-33063\n", ()),
        ("Administrators", ()),
        ("cub:administrators", ()),
        ("agents:33063", ()),
        ("", ()),
    ],
)
def test_what_a_group_stands_for(group, ours):
    assert staff_groups([group], DEFAULT_TABLE) == ours


def test_a_group_whose_name_says_nothing():
    table = {"mairie.talence": "Commune Agent 33522"}
    assert staff_groups(["mairie.talence", "mairieXtalence"], table) == (
        "agents:33522",
    )


@pytest.mark.parametrize("role", ["Manager", "", "Commune Agent", "Commune Agent x", 7])
def test_a_stored_row_that_cannot_be_used_gives_nothing(role):
    assert staff_groups(["chefs"], {"chefs": role}) == ()


def test_global_roles():
    assert global_roles([]) == ()
    assert global_roles(["agents:33063"]) == ("Staff",)
    assert "CUB Administrator" in global_roles(["cub:administrators"])


@pytest.mark.parametrize(
    "text",
    [
        "chefs",
        "chefs = Manager",
        "= CUB Webmaster",
        "agents = Commune Agent",
        "a-{insee}-{insee} = Commune Agent",
        "x-{insee} = CUB Administrator",
        "x-{insee} = Commune Agent 33063",
        "x = Commune Agent 1",
        "x = CUB Webmaster\nx = CUB Administrator",
    ],
)
def test_lines_that_are_refused(text):
    with pytest.raises(TableError) as error:
        parse_table(text)
    assert "\n" not in str(error.value)


def test_a_table_is_read_as_it_is_written():
    assert parse_table(format_table(DEFAULT_TABLE)) == DEFAULT_TABLE


class User:
    def __init__(self, *groups):
        self.groups = groups

    def getGroups(self):
        return self.groups


def test_communes_of_a_user():
    user = User("agents:33063", "agents:33281", "agents:x", "cub:webmasters", "33063")
    assert communes_of(user) == {"33063", "33281"}


@pytest.mark.parametrize("code", ["", "3306", "33063 ", "bordeaux"])
def test_no_group_without_a_code(code):
    with pytest.raises(ValueError):
        agents_group(code)
