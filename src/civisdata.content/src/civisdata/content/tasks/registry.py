"""Kinds of tasks: plain functions, named by a decorator, registered in a room's ZCML.

A task is called as ``function(site, progress, **values)``, perhaps several times: after a
conflict, a ``TemporaryError``, or the death of the server in the middle. So what it has
done already must not be done again.
"""

from civisdata.content.tasks.errors import UnknownTask
from civisdata.content.tasks.interfaces import ITask
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from zope.component import getUtilitiesFor
from zope.component import queryUtility
from zope.i18nmessageid import Message
from zope.interface import implementer
import inspect


@implementer(ITask)
class Task:
    """A function with its name; still called like the function itself."""

    def __init__(
        self,
        function: Callable[..., None],
        name: str,
        title: Message | str = "",
        hour: int | None = None,
        page: str = "",
    ) -> None:
        self.function = function
        # Under which <utility component="…" /> registers it.
        self.name = self.__component_name__ = name
        self.title = title or name
        self.hour = hour
        self.page = page
        self.__doc__ = function.__doc__

    def __call__(self, site, progress, **values) -> None:
        self.function(site, progress, **values)

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise TypeError unless the function takes these values."""
        inspect.signature(self.function).bind(None, None, **values)

    def __repr__(self) -> str:
        return f"<Task {self.name}>"


def task(name: str, *, title: Message | str = "", page: str = "") -> Callable:
    """Make a function a task that is run when it is enqueued."""
    return lambda function: Task(function, name, title=title, page=page)


def nightly(
    name: str, *, hour: int, title: Message | str = "", page: str = ""
) -> Callable:
    """Make a function a task that is run each night at ``hour``, time of Paris.

    Never two at a time; a night during which no server was up is made up for at the
    next start.
    """
    return lambda function: Task(function, name, title=title, hour=hour, page=page)


def get_task(name: str) -> ITask:
    """Return a registered task; UnknownTask."""
    found = queryUtility(ITask, name=name)
    if found is None:
        raise UnknownTask(name)
    return found


def nightly_tasks() -> list[ITask]:
    """Return the registered tasks that run each night."""
    return [item for _, item in getUtilitiesFor(ITask) if item.hour is not None]
