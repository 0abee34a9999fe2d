"""getUpdates and the webhook methods; webhooks themselves are not offered, since the bot is on this machine."""

from bot.webchat.call import Call
from bot.webchat.door import Door
from bot.webchat.limits import UPDATES_AT_ONCE
from bot.webchat.wire import JsonObject, bad_request


async def get_updates(door: Door, call: Call) -> list[JsonObject]:
    """Confirm and fetch updates. https://core.telegram.org/bots/api#getupdates."""
    allowed = call.parsed("allowed_updates")
    if isinstance(allowed, list):
        door.updates.allow([str(kind) for kind in allowed])
    return await door.updates.take(
        call.integer("offset", 0), call.integer("limit", UPDATES_AT_ONCE), call.integer("timeout", 0)
    )


async def set_webhook(door: Door, call: Call) -> bool:
    """Refuse a webhook in words; an empty url takes it away. https://core.telegram.org/bots/api#setwebhook."""
    if call.text("url"):
        raise bad_request("bad webhook: the web chat delivers by getUpdates only")
    return await delete_webhook(door, call)


async def delete_webhook(door: Door, call: Call) -> bool:
    """Drop pending updates if asked to. https://core.telegram.org/bots/api#deletewebhook."""
    if call.flag("drop_pending_updates"):
        door.updates.drop_all()
    return True


async def get_webhook_info(door: Door, call: Call) -> JsonObject:  # noqa: ARG001 - every method has this shape
    """Say that there is no webhook. https://core.telegram.org/bots/api#getwebhookinfo."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(door.updates)}
