"""The sign-up form at ``/@@inscription``, in steps.

Each step is a page of one form that carries what the other steps hold, so that nothing is
stored before the end, and a second tab or a step back loses nothing.
"""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens import antirobot
from civisdata.content.citizens import clock
from civisdata.content.citizens.browser.account_form import from_elsewhere
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.browser.forms import offer
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.inviting.arrivals import inviter_of
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import Checked
from civisdata.content.citizens.registration import ELSEWHERE
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.citizens.registration import validate
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.signup import steps
from civisdata.content.citizens.signup import taking
from civisdata.content.citizens.signup.browser import words
from civisdata.content.citizens.signup.browser.sending import SendsForm
from civisdata.content.citizens.signup.proof import bits_for
from civisdata.content.citizens.structure import get_spaces
from functools import cached_property
from plone import api
from zope.i18nmessageid import Message


SEVERAL = _("Several communes have this postal code: ${communes}. Choose yours.")


class SignUp(SendsForm, FormView):
    """One step of the form. It asks nothing to prove that one is no robot."""

    labels = words.LABELS
    services = SERVICES
    publishers = PUBLISHERS
    ages = AGES
    rhythms = RHYTHMS
    elsewhere = ELSEWHERE
    email_hint = _("We write to it at once, to check that it is yours.")
    birth_date_hint = _("Day/month/year, such as 31/12/1980.")
    trap = antirobot.TRAP
    stamp_name = antirobot.STAMP

    def __call__(self) -> str:
        self.errors: dict[str, Message] = {}
        self.form_error: Message | None = None
        self.limit: taking.Limit | None = None
        self.proposed = ""
        self.step = steps.WHO
        self.seen: list[str] = []
        self.request.response.setHeader("Cache-Control", "no-store")
        self.request.response.setHeader("Referrer-Policy", "same-origin")
        if self.posted:
            self._read_place()
            if self._take_in():
                return ""
        return self.index()

    @property
    def page_title(self) -> Message:
        # The window's title names the step: it is read first when a page is loaded.
        return _(
            "Create my personal space: ${step} (step ${number} of ${count})",
            mapping={
                "step": api.portal.translate(self.step.title),
                "number": self.number,
                "count": len(steps.STEPS),
            },
        )

    @property
    def number(self) -> int:
        return steps.STEPS.index(self.step) + 1

    @cached_property
    def offer(self) -> Offer:
        return offer(self.context)

    @cached_property
    def spaces(self):
        return get_spaces(self.context)

    @cached_property
    def information(self) -> Notice:
        return notice(INFORMATION)

    @cached_property
    def news_by_email(self) -> Notice:
        return notice(NEWS_BY_EMAIL)

    @cached_property
    def values(self) -> dict:
        raw = self.request.form if self.posted else self._told_by_the_link()
        return steps.values_of(raw, self.seen, self.offer.topics)

    def _told_by_the_link(self) -> dict:
        """The commune whose page led here is chosen; nothing else is taken from it."""
        slug = self.request.form.get("commune")
        known = isinstance(slug, str) and slug in self.offer.communes
        return {"commune": slug} if known else {}

    @cached_property
    def checked(self) -> Checked:
        return validate(self.values, self.offer)

    def typed(self, name: str) -> str:
        """Return the value of a field, typed on this page or on one before."""
        if name in self.values:
            value = self.values[name]
            return value if isinstance(value, str) else ""
        return super().typed(name) if self.posted else ""

    def ticked(self, name: str, value: str, default: bool = False) -> bool:
        return value in as_list(self.values.get(name))

    def hidden(self) -> list[tuple[str, str]]:
        """What this page carries for the other steps."""
        return steps.hidden(self.values, self.step)

    def stepper(self) -> list[dict]:
        """The steps as a list: done ones are buttons that lead there."""
        return [
            {
                "id": step.id,
                "title": step.title,
                "current": "step" if step is self.step else None,
                "open": step is not self.step and self._may_go(step),
            }
            for step in steps.STEPS
        ]

    @property
    def all_seen(self) -> str:
        """Which steps were filled in, for the next page to know."""
        return " ".join(self.seen)

    @property
    def communes(self) -> list[dict]:
        """The communes as options: those of the postal code, then the others."""
        code = self.typed("postal_code").replace(" ", "")
        near = self.offer.communes_of_postal_code(code)
        chosen = self.typed("commune")
        if not chosen and len(near) == 1 and self.offer.communes[near[0]].participating:
            chosen = near[0]
        groups = (
            (_("With your postal code"), lambda slug, town: slug in near),
            (
                _("Communes that take part"),
                lambda slug, town: slug not in near and town.participating,
            ),
            (
                _("Communes that do not take part yet"),
                lambda slug, town: slug not in near and not town.participating,
            ),
        )
        found = []
        for label, belongs in groups:
            options = [
                {
                    "id": slug,
                    "name": town.name,
                    "codes": " ".join(town.postal_codes),
                    "selected": slug == chosen,
                }
                for slug, town in self.offer.communes.items()
                if belongs(slug, town)
            ]
            if options:
                found.append({"label": label, "options": options})
        return found

    @property
    def commune_hint(self) -> Message:
        if self._several:
            return Message(SEVERAL, mapping={"communes": ", ".join(self._several)})
        return _("Your space is attached to this commune.")

    @property
    def several_pattern(self) -> str:
        """The same for the script, with a gap for the names."""
        return api.portal.translate(SEVERAL)

    @property
    def _several(self) -> list[str]:
        code = self.typed("postal_code").replace(" ", "")
        near = self.offer.communes_of_postal_code(code)
        return [self.offer.communes[s].name for s in near] if len(near) > 1 else []

    @cached_property
    def shown_at(self) -> str:
        """The signed time of the first showing, so that a correction may be quick.

        A form that was taken gets a new one: each is taken once.
        """
        now, sent = clock.now(), self._sent_stamp
        read = antirobot.read_stamp(site_secret(), sent) if sent else None
        taken = read is not None and taking.room_of(self.spaces).form(read.nonce)
        old = read is None or now - read.moment > antirobot.OLDEST
        if not old and not taken:
            return sent
        return antirobot.stamp(
            site_secret(), now, bits_for(taking.load_of(self.spaces, now))
        )

    @property
    def _sent_stamp(self) -> str:
        return super().typed(antirobot.STAMP) if self.posted else ""

    @property
    def proof(self) -> str:
        """The computation's result; it belongs to the stamp that was sent."""
        return super().typed("proof")[:20] if self.shown_at == self._sent_stamp else ""

    @cached_property
    def invitation(self) -> str:
        """What the link of an invitation holds; nothing where it is no longer good."""
        token = super().typed("invitation")
        return token if inviter_of(token, clock.now()) else ""

    def error_list(self) -> list[dict]:
        """What the summary of errors shows: those of this step, in its order."""
        return [
            {"field": name, "label": label, "message": self.errors[name]}
            for name, label in self.labels.items()
            if name in self.errors and steps.step_of(name) is self.step
        ]

    def focus(self, name: str) -> str | None:
        """Say whether a field is the first one with an error."""
        rows = self.error_list()
        return "autofocus" if rows and rows[0]["field"] == name else None

    def summary(self) -> list[dict]:
        """The answers of each step, in words, for the last page."""
        return words.summary(self.checked.registration, self.offer)

    def _read_place(self) -> None:
        form = super()
        self.step = steps.BY_ID.get(form.typed("etape"), steps.WHO)
        self.seen = steps.seen_steps(form.typed("vu"))
        self.new_here = self.step.id not in self.seen
        if self.new_here:
            self.seen.append(self.step.id)

    def _may_go(self, step: steps.Step) -> bool:
        if step is steps.SUMMARY:
            return all(s.id in self.seen for s in steps.STEPS[:-1])
        return step.id in self.seen

    def _take_in(self) -> bool:
        """Do what a button says; False where a page is to be shown."""
        action, _colon, target = super().typed("action").partition(":")
        self.all_errors = self.checked.errors | self._consent_error()
        if action == "send":
            return self._send()
        if action == "back":
            self._not_yet()
            self.step = steps.before(self.step)
        elif action == "go" and target in steps.BY_ID:
            self._go(steps.BY_ID[target])
        else:
            self._go(None)
        return False

    def _go(self, target: steps.Step | None) -> None:
        """Go on where this step holds no error; to ``target``, or the next one."""
        here = steps.first_wrong(self.all_errors, (self.step.id,))
        onward = target is None or steps.STEPS.index(target) > self.number - 1
        if here is not None and onward:
            self._not_yet()
            if self._proposes_commune():
                self.proposed = self.offer.communes[self.checked.suggestions[0]].name
                return
            self._show_errors(here)
            return
        if target is self.step:
            self._not_yet()
            return
        if target is None:
            target = steps.after(self.step, self.seen)
        if target is steps.SUMMARY:
            wrong = steps.first_wrong(self.all_errors, steps.BY_ID)
            if wrong is not None:
                self._show_errors(wrong)
                return
        if self._may_go(target) or target is steps.after(self.step, self.seen):
            self.step = target

    def _proposes_commune(self) -> bool:
        """Say whether all that is missing here is a commune that the code tells."""
        here = {name for name in self.all_errors if steps.step_of(name) is self.step}
        return (
            here == {"commune"}
            and not self.values["commune"]
            and len(self.checked.suggestions) == 1
        )

    def _not_yet(self) -> None:
        """Where a step was left before it was filled in, one comes by it again."""
        wrong = steps.first_wrong(self.all_errors, (self.step.id,))
        if self.new_here and wrong is not None:
            self.seen.remove(self.step.id)

    def _show_errors(self, step: steps.Step) -> None:
        self.step = step
        self.errors = self.all_errors
        self.request.response.setStatus(422)

    def _again(self, message: Message | None, status: int) -> bool:
        self.form_error = message
        self.request.response.setStatus(status)
        return False

    def _consent_error(self) -> dict[str, Message]:
        if steps.NOTICE.id not in self.seen:
            return {}
        if self.typed("notice_version") != self.information.version:
            message = _("The information notice has changed. Please read it again.")
        elif not self.ticked("consent", "yes"):
            message = _("Please read the information notice and tick the box below it.")
        else:
            return {}
        return {"consent": message}

    @property
    def consents(self) -> bool:
        """Whether the box below the notice is ticked, for the notice of today."""
        same = self.typed("notice_version") == self.information.version
        return same and self.ticked("consent", "yes")

    def _send(self) -> bool:
        wrong = steps.first_wrong(self.all_errors, steps.BY_ID)
        unseen = next((s for s in steps.STEPS if not self._may_go(s)), None)
        self.step = wrong or unseen or steps.SUMMARY
        if from_elsewhere(self.request) or not self.token_is_valid():
            return self._again(OUT_OF_DATE, 403)
        if wrong is not None:
            self._show_errors(wrong)
            return False
        if unseen is not None:
            return self._again(None, 422)
        return self.send(
            taking.Limits(setting("sign_ups_per_hour"), setting("unproven_per_hour"))
        )
