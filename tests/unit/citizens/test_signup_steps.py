"""The steps of the sign-up: what is carried, and where one goes."""

from civisdata.content.citizens.signup import steps


TOPICS = ("elections", "immobilier")
ALL = [step.id for step in steps.STEPS]


def test_every_field_stands_in_one_step():
    names = [name for step in steps.STEPS for name in (*step.fields, *step.lists)]
    assert len(names) == len(set(names))
    assert steps.step_of("postal_code") is steps.WHERE


def test_one_goes_on_to_what_was_not_seen_yet_and_then_to_the_summary():
    assert steps.after(steps.WHO, ["qui"]) is steps.WHERE
    assert steps.after(steps.WHO, ["qui", "ou"]) is steps.CHOICES
    assert steps.after(steps.WHERE, ALL[:-1]) is steps.SUMMARY
    assert steps.after(steps.SUMMARY, ALL) is steps.SUMMARY
    assert steps.before(steps.WHO) is steps.WHO
    assert steps.before(steps.SUMMARY) is steps.NOTICE


def test_errors_lead_to_the_first_step_that_has_one():
    errors = ["consent", "town"]
    assert steps.first_wrong(errors, ALL) is steps.WHERE
    assert steps.first_wrong(errors, ["qui", "notice"]) is steps.NOTICE
    assert steps.first_wrong([], ALL) is None


def test_each_page_carries_what_the_others_hold_and_nothing_else():
    raw = {
        "first_name": "Zoé",
        "town": "Bordeaux",
        "topics": ["elections"],
        "state": "accepted",
        "login": "c-admin",
    }
    values = steps.values_of(raw, ALL, TOPICS)
    carried = steps.hidden(values, steps.WHERE)
    assert ("first_name", "Zoé") in carried
    assert ("topics", "elections") in carried
    names = {name for name, _value in carried}
    assert not names & {"town", "state", "login"}


def test_boxes_are_ticked_as_proposed_until_they_were_seen():
    first = steps.values_of({}, ["qui"], TOPICS)
    assert first["topics"] == list(TOPICS) and first["by_page"] == "yes"
    assert first["by_email"] == ""
    after = steps.values_of({}, ["qui", "choix"], TOPICS)
    assert after["topics"] == after["services"] == [] and after["by_page"] == ""
    assert (after["ages"], after["rhythm"]) == ("mine", "weekly")


def test_what_a_page_says_of_the_steps_is_read_with_care():
    assert steps.seen_steps("choix qui nothing resume") == ["qui", "choix", "resume"]
    assert steps.seen_steps("qui " * 100_000) == ["qui"]
    assert steps.seen_steps("") == []


def test_a_field_given_several_times_stays_several():
    values = steps.values_of({"first_name": ["a", "b"]}, ALL, TOPICS)
    assert values["first_name"] == ["a", "b"]
    assert steps.hidden(values, steps.WHERE)[:2] == [
        ("first_name", "a"),
        ("first_name", "b"),
    ]
