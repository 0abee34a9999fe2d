"""The page on which leads type passphrase and code outside of any chat: its files, its requests, Telegram's word."""
