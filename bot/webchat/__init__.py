"""The built-in web chat: the Telegram Bot API towards a bot, a plain chat page towards people."""
