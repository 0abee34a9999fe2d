"""The Bot API that the web chat offers to the bot, method by method."""
