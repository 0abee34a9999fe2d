"""The same bare bot on python-telegram-bot's ConversationHandler, kept in memory.

Run as `python -m tests.bench.ptb API_URL`.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ConversationHandler, MessageHandler, filters

OPEN = 1
ROWS = [[InlineKeyboardButton(f"Option {n}", callback_data=f"q:step:{n}")] for n in range(4)]
KEYBOARD = InlineKeyboardMarkup(ROWS)
TEXT = "A question as long as one of ours usually is, in two short sentences. What would you like to say?"


async def started(update: Update, context: Any) -> int:
    context.user_data["answers"] = []
    await update.effective_message.reply_text(TEXT, reply_markup=KEYBOARD)
    return OPEN


async def tapped(update: Update, context: Any) -> int:
    await update.callback_query.answer()
    answers = context.user_data["answers"]
    answers.append(update.callback_query.data)
    await update.callback_query.edit_message_text(f"{TEXT} ({len(answers)})", reply_markup=KEYBOARD)
    return OPEN


async def typed(update: Update, context: Any) -> int:
    context.user_data["answers"].append(update.effective_message.text)
    await update.effective_message.reply_text(TEXT, reply_markup=KEYBOARD)
    return OPEN


def main() -> None:
    """Poll until ended."""
    url = sys.argv[1]
    # ConversationHandler does not allow concurrent updates: its documentation says so.
    app = Application.builder().token("1:bench").base_url(f"{url}/bot").build()
    talk = ConversationHandler(
        entry_points=[CommandHandler("start", started)],
        states={OPEN: [CallbackQueryHandler(tapped), MessageHandler(filters.TEXT & ~filters.COMMAND, typed)]},
        fallbacks=[CommandHandler("start", started)],
    )
    app.add_handler(talk)
    app.run_polling()


if __name__ == "__main__":
    main()
