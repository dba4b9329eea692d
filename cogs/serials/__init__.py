"""The author's side: a file becomes a serial, and the serial is posted."""

from bot.client import Bot
from bot.serials import channels, posting, removal
from cogs.serials.appending import AppendButton
from cogs.serials.buttons import (
    AllowButton,
    ConfirmButton,
    DiscardButton,
    PostNowButton,
    StartButton,
    TitleButton,
)
from cogs.serials.commands import Serials
from cogs.serials.notices import Notices
from cogs.serials.noting import NotesButton, NoteSelect
from cogs.serials.preview import (
    CutButton,
    FinishButton,
    JoinButton,
    PlaceMenu,
    PreviewButton,
    UndoButton,
)
from cogs.serials.rating import RatingSelect
from cogs.serials.removing import ExportButton, RemoveButton
from cogs.serials.scheduling import StartsButton
from cogs.serials.skipping import PostAfterAllButton
from cogs.serials.undoing import RevertButton
from cogs.serials.updating import DropButton, OwnStoryButton, ReviewButton, TakeButton


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(
        AllowButton,
        AppendButton,
        ConfirmButton,
        CutButton,
        DiscardButton,
        DropButton,
        ExportButton,
        FinishButton,
        NoteSelect,
        NotesButton,
        OwnStoryButton,
        JoinButton,
        PlaceMenu,
        PostAfterAllButton,
        PostNowButton,
        PreviewButton,
        RatingSelect,
        RemoveButton,
        RevertButton,
        ReviewButton,
        StartButton,
        StartsButton,
        TakeButton,
        TitleButton,
        UndoButton,
    )
    notices = Notices(bot.services.database)
    bot.sender.renderers[channels.LEAVE] = notices.leave
    bot.sender.renderers[posting.RUNNING_LOW] = notices.running_low
    bot.sender.renderers[posting.BLOCKED] = notices.blocked
    bot.sender.renderers[posting.STOPPED] = notices.stopped
    bot.sender.renderers[posting.REFUSED] = notices.refused
    bot.sender.renderers[posting.EXPOSED] = notices.exposed
    bot.sender.renderers[removal.TOLD] = notices.removed
    await bot.add_cog(Serials(bot))
