"""aiogram is imported lightly, as the program imports it, before any test imports it."""

from bot.updates.lazy_aiogram import import_aiogram

import_aiogram()
