"""What may be said to a person. Anything that is not a UserError is a bug of ours."""


class UserError(Exception):
    """A thing the person can mend; `str()` is the one sentence they are shown."""


class BadInput(UserError):
    """An option or a value that cannot be used as it stands."""


class BadFile(BadInput):
    """A file that holds no story we can read."""


class NotFound(UserError):
    """What was asked for does not exist for this person."""


class NotAllowed(UserError):
    """It exists, and this person may not do that with it."""


class Conflict(UserError):
    """It could be done, but not in the state things are in now."""


class ServerUnavailable(UserError):
    """Discord doesn't show the bot the server for now, as in an outage or just after a start."""

    def __init__(self) -> None:
        super().__init__(
            "Discord can't show me the server at the moment. Nothing is lost: please try again in "
            "a few minutes."
        )


class TooSoon(UserError):
    """It could be done, but not so soon after the last times."""


class DatabaseBusy(UserError):
    """Another process holds the database."""


class DatabaseUnusable(UserError):
    """The database can't be reached, opened or brought up to date."""


class TokenRefused(UserError):
    """Discord does not know the bot's token, or no longer does."""

    def __init__(self) -> None:
        super().__init__("Discord refuses this DISCORD_TOKEN. Reset it and copy the new one.")
