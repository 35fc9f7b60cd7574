"""What can go wrong with a task."""


class TemporaryError(Exception):
    """Raised by a task: what it needs is not there now; it is tried again later."""


class UnknownTask(LookupError):
    """No task of this name is registered."""


class NotPlain(ValueError):
    """A value that a task may not be given: only ids and plain values are stored."""


class QueueError(RuntimeError):
    """The queue can't be used; the message is one clear line."""


class Stopping(BaseException):
    """The server ends. Not an Exception, so that no task takes it for an error."""
