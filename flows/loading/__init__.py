"""Definition files read and checked: conversations, categories, helplines, conditions."""
