"""What to do with a message next, and what Discord's refusals mean. Pure."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

# Discord drops a second message with the same nonce for "a few minutes"; we trust it for one.
NONCE_TRUSTED = 60_000
FIRST_BACKOFF = 1_000
LONGEST_BACKOFF = 5 * 60_000


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # a POST was begun and its outcome is not known
    SENT = "sent"
    WITHDRAWN = "withdrawn"  # too late to be wanted, and never posted
    BLOCKED = "blocked"  # a permission is missing; goes on when it is given
    FAILED = "failed"  # Discord refused it for good: it was not posted
    GONE = "gone"  # its channel or server is
    UNCERTAIN = "uncertain"  # perhaps posted, and we may not look; goes on when we may
    DELETING = "deleting"  # its subject is gone, and so shall it be; forgotten once it is
    KEPT = "kept"  # to be deleted, and a permission is missing; goes on when it is given


class Act(StrEnum):
    """What a row is for: a message, or what is done to one that is up. The latter may be done again
    without harm, as Discord says so where it has been done."""

    POST = "post"
    THREAD = "thread"  # begin one at the message
    CROSSPOST = "crosspost"
    UNTITLE = "untitle"  # give the thread that was begun at it a name that says nothing


class Edit(IntEnum):
    """Whether a message that is up has to be edited."""

    NONE = 0
    WANTED = 1
    UNDER_WAY = 2
    BLOCKED = 3  # a permission is missing; goes on when it is given


class Step(StrEnum):
    POST = "post"
    LOOK = "look"  # for our message in the channel's history
    EDIT = "edit"
    DELETE = "delete"
    ACT = "act"


class Refusal(StrEnum):
    RETRY = "retry"  # nothing was posted: try again
    UNKNOWN = "unknown"  # perhaps it was
    DELIVERED = "delivered"
    FORBIDDEN = "forbidden"
    UNCERTAIN = "uncertain"  # perhaps it was, and we may not look
    GONE = "gone"
    UNAUTHORIZED = "unauthorized"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the outbox; times in ms."""

    id: int
    kind: str
    subject: int
    part: int
    guild_id: int | None
    channel_id: int
    state: State
    nonce: str
    attempted_at: int | None
    attempts: int
    not_after: int | None
    message_id: int | None
    act: Act = Act.POST
    target: int | None = None  # the message that something is done to


class SendFailed(Exception):
    """Discord refused, or nobody knows. `status` 0: no answer came. `retry_after` in ms. `unclear`:
    it was asked more than once, and may have done it the first time."""

    def __init__(
        self,
        status: int,
        code: int = 0,
        retry_after: int | None = None,
        *,
        unclear: bool = False,
    ) -> None:
        super().__init__(f"status {status}, code {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.unclear = unclear


def step(row: Row, real_now: int) -> Step:
    if row.state is State.SENT:
        return Step.EDIT
    if row.state is State.DELETING:
        return Step.DELETE
    if row.act is not Act.POST:
        return Step.ACT
    if row.attempted_at is not None and real_now - row.attempted_at >= NONCE_TRUSTED:
        return Step.LOOK
    return Step.POST


def refusal(error: SendFailed, *, tried: bool) -> Refusal:
    """What it means; `tried`: an earlier POST of this row has gone unanswered, so that nothing
    that is refused now proves it was not posted. Codes: Discord's list of JSON error codes."""
    match error.code:
        # The nonce was used, and that message has been deleted since; or what was to be done to a
        # message has been done: it is crossposted, it has its thread.
        case 10008 | 40033 | 160004:
            return Refusal.DELIVERED
        case 10003 | 10004:
            return Refusal.GONE
        case 50001 | 50013:
            return Refusal.UNCERTAIN if tried else Refusal.FORBIDDEN
        case 30046:  # too many edits of an old message
            return Refusal.RETRY
    if error.status == 401:
        return Refusal.UNAUTHORIZED
    if tried or error.status == 0 or error.status >= 500:
        return Refusal.UNKNOWN
    return Refusal.RETRY if error.status == 429 else Refusal.STOP


def backoff(attempts: int, retry_after: int | None) -> int:
    """Milliseconds to wait before the next try."""
    if retry_after is not None:
        return retry_after
    return min(FIRST_BACKOFF << min(attempts, 16), LONGEST_BACKOFF)
