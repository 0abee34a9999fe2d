"""getFile: where the bot finds what a person has sent."""

from bot.webchat.call import Call
from bot.webchat.door import Door
from bot.webchat.limits import DOWNLOAD_BYTES
from bot.webchat.wire import JsonObject, bad_request


async def get_file(door: Door, call: Call) -> JsonObject:
    """Return a file's path for ``/file/bot<token>/<path>``. https://core.telegram.org/bots/api#getfile."""
    file = door.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.wire(), "file_path": f"files/{file.file_id}"}
